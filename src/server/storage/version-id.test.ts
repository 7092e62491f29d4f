import { expect, test } from "vitest";
import { isVersionId, makeVersionId, sequenceOf } from "./version-id.ts";

test("a version's name hides its place, is new each time and fits into a URL as it is", () => {
  const places = [0, 1, 255, 65_536, 2 ** 47];
  const ids = places.flatMap((place) => Array.from({ length: 50 }, () => makeVersionId(place)));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(encodeURIComponent(id)).toBe(id);
  expect(ids.every(isVersionId)).toBe(true);
  expect(ids.map(sequenceOf)).toEqual(places.flatMap((place) => Array.from({ length: 50 }, () => place)));
});

test("what nobody has given has no place", () => {
  const id = makeVersionId(7);
  const forged = (id.startsWith("A") ? "B" : "A") + id.slice(1, 12) + (id[12] === "x" ? "y" : "x") + id.slice(13);
  expect([isVersionId(forged), sequenceOf(forged)]).toEqual([true, undefined]);
  for (const text of ["", "null", "x", `${id}x`, id.slice(1), `${id.slice(1)}/`, `${id.slice(1)}\n`]) {
    expect([isVersionId(text), sequenceOf(text)], text).toEqual([false, undefined]);
  }
});
