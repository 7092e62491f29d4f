/** What readers and writers of JSON lines lose without a word: here it is right or an error. */
import { afterAll, describe, expect, test } from "vitest";
import { code, memoryDepot, tableOf } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());
const lines = (text: string | Uint8Array, options = {}) => tableOf(data, "jsonl", text, options);
const json = (text: string | Uint8Array, options = {}) => tableOf(data, "json", text, options);

test("a key that comes late is a column, and a fraction that comes late is one", async () => {
  const early = '{"a":1}\n'.repeat(5_000);
  const rows = await lines(`${early}{"a":1.5,"z":"x"}\n`);
  expect(rows[0]).toEqual({ a: 1, z: null });
  expect(rows.at(-1)).toEqual({ a: 1.5, z: "x" });
});

test("integers are exact up to 64 bits; beyond them, or rounded among fractions, they are an error", async () => {
  expect(await lines('{"a":9007199254740993}\n')).toEqual([{ a: 9007199254740993n }]);
  await expect(lines('{"a":18446744073709551615}\n')).rejects.toMatchObject(code("unsupported", /64 bits/));
  await expect(lines('{"a":9007199254740993}\n{"a":0.5}\n')).rejects.toMatchObject(code("unsupported"));
  const text = '{"a":99999999999999999999}\n{"a":0.5}\n';
  expect(await lines(text, { types: { a: "string" } })).toEqual([{ a: "99999999999999999999" }, { a: "0.5" }]);
  expect(await lines(text, { types: { a: "decimal(38,1)" } })).toEqual([{ a: "99999999999999999999.0" }, { a: "0.5" }]);
  expect(await lines('{"a":18446744073709551615}\n', { columns: { a: "uint64" } })).toEqual([{ a: 2n ** 64n - 1n }]);
});

test("nested values, missing ones and empty ones are told apart", async () => {
  const text = '{"a":{"b":[1,2]},"c":[{"d":1}]}\n{"a":null,"c":[]}\n{"c":null,"a":{"b":null,"e":"x"}}\n';
  expect(await lines(text)).toEqual([
    { a: { b: [1n, 2n], e: null }, c: [{ d: 1n }] },
    { a: null, c: [] },
    { a: { b: null, e: "x" }, c: null },
  ]);
});

test.each([
  ["no line", "", []],
  ["blank lines", '{"a":1}\n\n{"a":2}\n', [{ a: 1n }, { a: 2n }]],
  ["no final newline, CRLF", '{"a":1}\r\n{"a":2}', [{ a: 1n }, { a: 2n }]],
  ["a byte order mark", '\ufeff{"a":1}\n', [{ a: 1n }]],
  ["only missing values", '{"a":null}\n', [{ a: null }]],
])("%s", async (_, text, rows) => {
  expect(await lines(text)).toEqual(rows);
});

test.each([
  ["a line that is cut", '{"a":1}\n{"a":'],
  ["two values on a line", '{"a":1}\n{"a":2}}\n'],
  ["an array for a line", "[1,2]\n"],
  ["a number for a line", "3\n"],
  ["NaN", '{"a":NaN}\n'],
  ["true and 2 in one column", '{"a":true}\n{"a":2}\n'],
  ["bytes that are no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
])("%s: malformed", async (_, text) => {
  await expect(lines(text)).rejects.toMatchObject(code("malformed"));
});

describe("JSON", () => {
  test.each([
    [
      "an array",
      '[{"a":1},\n {"a":2,"b":"x, ]}\\""}]\n',
      [
        { a: 1n, b: null },
        { a: 2n, b: 'x, ]}"' },
      ],
    ],
    ["lines", '{"a":1}\n{"a":2}\n', [{ a: 1n }, { a: 2n }]],
    ["objects with line ends inside", '{\n "a": 1\n}\n{\n "a": 2\n}\n', [{ a: 1n }, { a: 2n }]],
    ["an empty array", " [ ] ", []],
    ["a byte order mark and an array", '\ufeff[{"a":1}]', [{ a: 1n }]],
    ["a late key", `[${'{"a":1},'.repeat(500)}{"z":1}]`, expect.objectContaining({ length: 501 })],
  ])("%s", async (_, text, rows) => {
    expect(await json(text)).toEqual(rows);
  });
  test.each([
    ["an array that is cut", '[{"a":1},'],
    ["something behind the array", '[{"a":1}] x'],
  ])("%s: malformed", async (_, text) => {
    await expect(json(text)).rejects.toMatchObject(code("malformed"));
  });
});
