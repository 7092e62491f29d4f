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
  ["a key twice on a line", '{"a":1,"a":2}\n'],
  ["half a character", '{"a":"\\ud83d"}\n'],
  ["a key of half a character", '{"\\ud83d":1}\n'],
  ["true and 2 in one column", '{"a":true}\n{"a":2}\n'],
  ["bytes that are no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
])("%s: malformed", async (_, text) => {
  await expect(lines(text)).rejects.toMatchObject(code("malformed"));
});

test.each([
  ["objects without keys among numbers", '{"a":1}\n{"a":{}}\n', {}],
  ["digits of a number among texts", '{"a":"x"}\n{"a":0.12345678901234567890}\n', {}],
  ["digits of a number as text", '{"a":0.12345678901234567890}\n', { types: { a: "string" } }],
  ["digits of a number as decimal", '{"a":0.12345678901234567890}\n', { types: { a: "decimal(38,20)" } }],
] as const)("what would lose something is an error: %s", async (_, text, options) => {
  await expect(tableOf(data, "jsonl", text, options)).rejects.toMatchObject(code("unsupported", /column "a"/));
});

test.each([
  ["date", '"2020-01-02"', '"noon"'],
  ["timestamp", '"2020-01-02T03:04:05"', '"noon"'],
] as const)("text that is no %s is malformed and not missing", async (type, good, bad) => {
  const options = { types: { a: type } };
  expect(await tableOf(data, "jsonl", `{"a":${good}}\n{"a":null}\n`, options)).toHaveLength(2);
  await expect(tableOf(data, "jsonl", `{"a":${good}}\n{"a":${bad}}\n`, options)).rejects.toMatchObject(
    code("malformed", /"noon" in column "a"/),
  );
});

describe("large files, of which the first lines tell the types,", () => {
  const line = `{"id":1,"text":"${"x".repeat(80)}","f":0.5}\n`;
  const many = line.repeat(Math.ceil((9 * 1024 * 1024) / line.length));
  const end = async (last: string) => (await tableOf(data, "jsonl", `${many}${last}\n`)).at(-1);

  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    ["of the same kind", '{"id":2,"text":"y","f":null}', { id: 2n, text: "y", f: null }],
    ["with another key", '{"id":2,"z":true}', { id: 2n, text: null, f: null, z: true }],
    ["with a fraction among integers", '{"id":2.5}', { id: 2.5, text: null, f: null }],
    ["with text among numbers", '{"id":2,"f":"much"}', { id: 2n, text: null, f: "much" }],
    ["with its keys in another order", '{"f":1.5,"id":2}', { id: 2n, text: null, f: 1.5 }],
    ["with another object inside", '{"id":2,"o":{"id":3}}', { id: 2n, text: null, f: null, o: { id: 3n } }],
    ["with a pair of escapes", '{"id":2,"text":"\\ud83d\\ude00"}', { id: 2n, text: "😀", f: null }],
  ])("keep a last line %s", async (_, last, row) => {
    expect(await end(last)).toEqual(row);
  });

  test.each([
    ["a key that stands twice", '{"id":2,"id":3}', "malformed"],
    ["half a character", '{"id":2,"text":"\\ud83d"}', "malformed"],
    ["a line that is cut", '{"id":2', "malformed"],
    ["an integer that would be rounded", '{"id":2,"f":9007199254740993}', "unsupported"],
    ["digits that would be lost in a text", '{"id":2,"text":0.12345678901234567890}', "unsupported"],
  ])("refuse %s in the last line", async (_, last, wanted) => {
    await expect(end(last)).rejects.toMatchObject(code(wanted));
  });
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
    ["a comma behind the last value", '[{"a":1},]'],
    ["two commas between two values", '[{"a":1},,{"a":2}]'],
    ["a comma before the first value", '[,{"a":1}]'],
  ])("%s: malformed", async (_, text) => {
    await expect(json(text)).rejects.toMatchObject(code("malformed"));
  });
});

describe("days and times", () => {
  const text = '{"d":"2020-01-02","t":"2020-01-02T03:04:05.123456789Z","h":"03:04","x":"1/2/2024"}\n{"d":null}\n';
  test("dates finds them in texts", async () => {
    expect(await lines(text, { dates: true, where: { d: "2020-01-02" } })).toEqual([
      { d: new Date("2020-01-02"), t: "2020-01-02T03:04:05.123456789Z", h: "03:04:00", x: "1/2/2024" },
    ]);
    expect((await json('[{"d":"2020-01-02"}]', { dates: true }))[0]).toEqual({ d: new Date("2020-01-02") });
  });
  test("types asks for them, and a text that is none is malformed", async () => {
    const types = { d: "date", h: "time" };
    expect((await lines(text, { types }))[0]).toMatchObject({ d: new Date("2020-01-02"), h: "03:04:00" });
    for (const types of [{ x: "date" }, { t: "timestamp" }, { d: "time" }])
      await expect(lines(text, { types })).rejects.toMatchObject(code("malformed", /in column/));
  });
});

test("a column of an empty file is one that there is none of", async () => {
  for (const options of [{ columns: ["a"] }, { where: { a: 1 } }])
    await expect(lines("", options)).rejects.toMatchObject(code("malformed", /no column "a"/));
});
