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

/** Whole records, as they are read; `undefined` for what are none. */
test.each<[string, Record<string, string> | undefined]>([
  ["", {}],
  ["6 a=b\n", { a: "b" }],
  ["5 a=\n", { a: "" }],
  ["8 a=b=c\n", { a: "b=c" }],
  ["8 a=b\nc\n", { a: "b\nc" }],
  ["6 a=b\n6 c=d\n", { a: "b", c: "d" }],
  ["6 a=b\n6 a=c\n", { a: "c" }],
  ["06 a=b\n", undefined],
  ["6 a=b", undefined],
  ["6 a=bc", undefined],
  ["7 a=b\n", undefined],
  ["99 a=b\n", undefined],
  ["x a=b\n", undefined],
  ["-6 a=b\n", undefined],
  ["6a=b\n", undefined],
  ["5 ab\n", undefined],
  ["0 a=b\n", undefined],
  ["2 a=b\n", undefined],
  ["4 a=\n", undefined],
  ["6 a=b\n5 ab\n6 c=d\n", undefined],
  ["99999999999 a=b\n", undefined],
])("%j is read whole or refused", (text, expected) => {
  const parsed = parseRecords(bytes(text));
  const said = parsed && Object.fromEntries([...parsed].map(([key, value]) => [key, Buffer.from(value).toString()]));
  expect(said).toEqual(expected);
});

test.each([
  [0, "00000000000\0"],
  [7, "00000000007\0"],
  [8, "00000000010\0"],
  [0o7777777, "00007777777\0"],
  [8 ** 11 - 1, "77777777777\0"],
])("the number %d is written as octal digits, and read", (value, text) => {
  expect(formatNumber(value, 12)).toBe(text);
  expect(parseNumber(bytes(text))).toBe(value);
});

test.each<[string | Uint8Array, number | undefined]>([
  ["  17 ", 15],
  ["17\0junk", 15],
  ["        ", 0],
  ["12x\0", undefined],
  ["8\0", undefined],
  ["-7\0", undefined],
  [Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0), 2 ** 33],
  [new Uint8Array(12).fill(0xff), -1],
  [Uint8Array.of(0xff, 0xff, 0xff, 0xfe), -2],
  [Uint8Array.of(0x80, ...new Uint8Array(11).fill(0xff)), undefined],
])("%j as a number is %j", (field, expected) => {
  expect(parseNumber(typeof field === "string" ? bytes(field) : field)).toBe(expected);
});

test("a number that has no room is not cut", () => {
  expect(formatNumber(8 ** 11, 12)).toBeUndefined();
  expect(formatNumber(-1, 12)).toBeUndefined();
});
