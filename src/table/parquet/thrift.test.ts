import { expect, test } from "vitest";
import { type Fields, readStruct, type Value, writeStruct } from "./thrift.ts";

const text = (value: string): Value => ({ type: "binary", value: Buffer.from(value) });
const everything: Fields = new Map<number, Value>([
  [1, { type: "boolean", value: true }],
  [2, { type: "boolean", value: false }],
  [3, { type: "byte", value: 255n }],
  [4, { type: "i16", value: -300n }],
  [5, { type: "i32", value: 2n ** 31n - 1n }],
  [6, { type: "i64", value: -(2n ** 63n) }],
  [7, { type: "i64", value: 2n ** 63n - 1n }],
  [8, { type: "double", value: Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]) }],
  [9, text("ü✓")],
  // a field that comes more than 15 behind the one before it
  [60, { type: "list", of: 8, items: Array.from({ length: 20 }, (_, index) => text(String(index))) }],
  [61, { type: "set", of: 5, items: [{ type: "i32", value: 0n }] }],
  [62, { type: "list", of: 1, items: [{ type: "boolean", value: true }] }],
  [63, { type: "struct", fields: new Map([[1, { type: "i64", value: 0n }]]) }],
]);

test("what is read is written again byte by byte", () => {
  const bytes = writeStruct(everything);
  expect(readStruct(bytes)).toEqual(everything);
  expect(writeStruct(readStruct(bytes))).toEqual(bytes);
});

test("cut anywhere it is an error of one kind", () => {
  const bytes = writeStruct(everything);
  for (let end = 0; end < bytes.length; end += 1)
    expect(() => readStruct(bytes.subarray(0, end))).toThrow(expect.objectContaining({ code: "malformed" }));
});

test.each([
  ["a list of more items than bytes", [0x19, 0xf8, 0xff, 0xff, 0xff, 0xff, 0x07]],
  ["a text longer than what is left", [0x18, 0x7f, 0x61]],
  ["a number that does not end", [0x16, ...Array(12).fill(0xff)]],
  ["a type that there is none of", [0x1f]],
  ["structs in one another without end", Array(10_000).fill(0x1c)],
  ["lists in one another without end", [0x19, ...Array(10_000).fill(0x19)]],
])("%s is an error and takes neither time nor memory", (_, bytes) => {
  expect(() => readStruct(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: "malformed" }));
});

test("a byte changed anywhere gives fields or an error, and never another error", () => {
  const bytes = writeStruct(everything);
  for (let at = 0; at < bytes.length; at += 1)
    for (const change of [1, 0x10, 0x80, 0xff]) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ change;
      try {
        readStruct(damaged);
      } catch (error) {
        expect(error).toMatchObject({ code: "malformed" });
      }
    }
});
