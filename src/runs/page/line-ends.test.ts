import fc from "fast-check";
import { expect, test } from "vitest";
import { asShown, withLineEnds } from "./line-ends.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r\n", "\r") });
const shown = fc.string({ unit: fc.constantFrom("a", "b", "\n") });

test("a text that nobody changed is what it was, whatever its line ends", () => {
  fc.assert(
    fc.property(text, (before) => {
      expect(withLineEnds(before, asShown(before))).toBe(before);
    }),
  );
});

test("what was typed is what is shown again", () => {
  fc.assert(
    fc.property(text, shown, (before, typed) => {
      expect(asShown(withLineEnds(before, typed))).toBe(typed);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["a\r\nb\r\nc\r\n", "a\nB\nc\n", "a\r\nB\r\nc\r\n"],
  ["a\r\nb\nc\r\nd", "a\nb!\nc\nd", "a\r\nb!\nc\r\nd"],
  ["a\r\nb\nc\r\nd\r\n", "a\nb\nnew\nc\nd\n", "a\r\nb\nnew\r\nc\r\nd\r\n"],
  ["a\r\nb\nc\r\nd\r\n", "a\nc\nd\n", "a\r\nc\r\nd\r\n"],
  ["a\n", "a\nb\n", "a\nb\n"],
  ["", "a\nb", "a\nb"],
])("%j, changed to %j, is saved as %j", (before, typed, saved) => {
  expect(withLineEnds(before, typed)).toBe(saved);
});
