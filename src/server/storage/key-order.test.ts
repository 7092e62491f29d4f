import fc from "fast-check";
import { expect, test } from "vitest";
import { compareKeys, firstIndex } from "./key-order.ts";

test("keys stand in the order of their UTF-8 bytes", () => {
  const key = fc.string({
    unit: fc.constantFrom("a", "/", "~", "é", "\ud7ff", "\ue000", "～", "\uffff", "😀", "𐀀"),
    maxLength: 4,
  });
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 1000 },
  );
});

test("the first index is found in lists of every small length", () => {
  for (let length = 0; length < 9; length += 1) {
    const keys = Array.from({ length }, (_, n) => String(n));
    for (let first = 0; first <= length; first += 1)
      expect(firstIndex(keys, (key) => Number(key) >= first)).toBe(first);
  }
});
