import { expect, test } from "vitest";
import { idMaker, newSecret } from "./ids.ts";

test("ids sort by their age, also within a millisecond and when the clock goes back", () => {
  let nowMs = 1_700_000_000_000;
  const newId = idMaker(() => nowMs);
  const ids = Array.from({ length: 3000 }, (_, index) => {
    if (index % 1000 === 0) nowMs -= 5;
    if (index % 700 === 0) nowMs += 7;
    return newId();
  });
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[0-9a-z]{13}$/.test(id))).toBe(true);
});

test("a secret has 26 letters and digits, another one each time", () => {
  const [one, two] = [newSecret(), newSecret()];
  expect(one).toMatch(/^[0-9a-z]{26}$/);
  expect(one).not.toBe(two);
});
