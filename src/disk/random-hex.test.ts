import { expect, test } from "vitest";
import { randomHexes } from "./random-hex.ts";

test("a thousand names are a thousand, each of 32 hexadecimal digits, and use every byte that was drawn once", () => {
  const drawn: string[] = [];
  let next = 0;
  const hex = randomHexes((bytes) => {
    const some = Buffer.alloc(bytes);
    for (let at = 0; at < bytes; at += 4) some.writeUInt32BE(next++, at);
    drawn.push(some.toString("hex"));
    return some;
  });
  const names = Array.from({ length: 1000 }, hex);
  expect(new Set(names).size).toBe(1000);
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}$/);
  expect(drawn.join("").startsWith(names.join(""))).toBe(true);
});
