import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNumber, parseNumber } from "./numbers.ts";
import { formatRecords, parseRecords } from "./pax.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("records come back as they were, whatever the length of their length", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 1_200, unit: "grapheme" }), (value) => {
      const parsed = parseRecords(formatRecords({ path: value, size: "7" }));
      expect(Buffer.from(parsed?.get("path") ?? []).toString()).toBe(Buffer.from(value).toString());
      expect(Buffer.from(parsed?.get("size") ?? []).toString()).toBe("7");
    }),
    { numRuns: 300 },
  );
});

test.each(["", "9 a=b\n ", "6 a=b", "99 a=b\n", "x a=b\n", "-6 a=b\n", "6a=b\n", "5 ab\n", "0 a=b\n", "4 a=\n"])(
  "%j is read or refused, never beyond its end",
  (text) => {
    const parsed = parseRecords(bytes(text));
    expect(parsed === undefined || parsed.size <= 1).toBe(true);
  },
);

test("numbers come back as they were, in octal and beyond", () => {
  for (const value of [0, 7, 8, 0o7777777, 8 ** 11 - 1]) {
    expect(parseNumber(bytes(formatNumber(value, 12) ?? ""))).toBe(value);
  }
  expect(formatNumber(8 ** 11, 12)).toBeUndefined();
  expect(parseNumber(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0))).toBe(2 ** 33);
  expect(parseNumber(new Uint8Array(12).fill(0xff))).toBe(-1);
  expect(parseNumber(Uint8Array.of(0x80, ...new Uint8Array(11).fill(0xff)))).toBeUndefined();
  expect(parseNumber(bytes("12x\0"))).toBeUndefined();
  expect(parseNumber(bytes("        "))).toBe(0);
});
