import fc from "fast-check";
import { expect, test } from "vitest";
import { compareKeys } from "./compare-keys.ts";

test("keys are in the order of their UTF-8 bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test("a character above U+FFFF comes after every other, unlike in JavaScript's own order", () => {
  expect("\u{1F600}" < "\uFFFD").toBe(true);
  expect(compareKeys("\u{1F600}", "\uFFFD")).toBeGreaterThan(0);
  expect(["\uFFFD", "\u{1F600}", "a", "é", "\uE000", "a/"].toSorted(compareKeys)).toEqual([
    "a",
    "a/",
    "é",
    "\uE000",
    "\uFFFD",
    "\u{1F600}",
  ]);
});
