/** What is wrong with a text that is no table is said with its line, its column and the option that helps. */
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { code, memoryDepot, tableOf } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());

const failure = async (suffix: string, text: string | Uint8Array, options = {}) =>
  tableOf(data, suffix, text, options).then(
    () => ({ message: "no error", hint: "" }),
    (error: Error & { readonly hint?: string }) => ({ message: error.message, hint: error.hint ?? "" }),
  );
const utf16 = (text: string) => Buffer.from(text, "utf16le");
const latin1 = (text: string) => Buffer.from(text, "latin1");

describe("CSV", () => {
  test.each<[what: string, text: string | Uint8Array, options: object, message: RegExp, hint: RegExp]>([
    ["a row that is too long", 'a,b\n"x\ny",2\n1,2,3\n', {}, /3 cells in line 4, where line 1 has 2/, /quotes/],
    ["one below blank lines", "a,b\n\n1,2\n\n1,2,3\n", {}, /in line 5/, /quotes/],
    [
      "one behind lines that do not count",
      "x\n#\na,b\n#\n1,2,3\n",
      { skipRows: 1, comment: "#" },
      /line 5, .*line 3/,
      /./,
    ],
    ["one of other columns", "a,b\n1,2\n1,2,3\n", { columns: ["a"] }, /3 cells in line 3/, /./],
    ["another delimiter", "a;b\n1,5;2\n", {}, /2 cells in line 2/, /delimiter: ";"/],
    ["another delimiter and quotes", 'a\tb\n"x"\t1\n', {}, /column "a\\tb"/, /delimiter: "\\t"/],
    ["a quote that stays open", 'a,b\n1,2\n"x,1\n2,3\n', {}, /never closed, in the row from line 3 on/, /quote: false/],
    [
      "one in the first rows",
      'a,b\n\n"x,1\n2,3\n',
      { limit: 2 },
      /never closed, in the row from line 3 on/,
      /quote: false/,
    ],
    [
      "a cell that does not fit",
      "a,b\n1,2\n\nx,2\n",
      { types: { a: "int64" } },
      /"x" in column "a", line 4, .*int64/,
      /nullValues/,
    ],
    [
      "one of no header",
      "1,2\n3,x\n",
      { header: false, types: { column_2: "int8" } },
      /"column_2", line 2, .*int8/,
      /./,
    ],
    ["a number with a comma", "a;b\n1,5;2\n", { delimiter: ";", types: { a: "float64" } }, /"1,5"/, /decimal: ","/],
    ["a number with a thousand", 'a\n"1,000"\n', { types: { a: "int64" } }, /"1,000" .*line 2/, /nullValues/],
    [
      "a day that is none",
      "a,b\n1,2020-01-01\n2,noon\n",
      { types: { b: "date" } },
      /"b", line 3, which is no date/,
      /ISO/,
    ],
    [
      "no decimal",
      "a,b\n1,noon\n",
      { types: { b: "decimal(10,2)" } },
      /"noon" in column "b", line 2, which is no decimal\(10,2\)/,
      /./,
    ],
    [
      "too fine a decimal",
      "a\n1.005\n",
      { types: { a: "decimal(9,2)" } },
      /"1.005" in column "a", line 2, which has more digits/,
      /./,
    ],
    [
      "a point among decimal commas",
      "a;b\n1.5;2\n",
      { delimiter: ";", decimal: ",", types: { a: "decimal(9,2)" } },
      /"1.5" .*line 2/,
      /has no point/,
    ],
    ["Latin letters", latin1("a,b\nx,1\nü,2\n"), {}, /no UTF-8 in line 3/, /windows-1252/],
    ["Latin letters in names", latin1("ä,b\n1,2\n"), {}, /no UTF-8 in line 1/, /windows-1252/],
    ["UTF-16", utf16("\ufeffa,b\n1,2\n"), {}, /UTF-16/, /encoding: "utf-16le"/],
    ["UTF-16 without a mark", utf16("a,b\n1,2\n"), { limit: 1 }, /UTF-16/, /encoding: "utf-16le"/],
    ["UTF-16 the other way", utf16("\ufeffa,b\n1,2\n").swap16(), {}, /greater byte/, /swap16/],
    ["Parquet", latin1("PAR1\x15\x04\x15\x00\n"), {}, /is Parquet/, /format: "parquet"/],
    ["gzip", gzipSync("a,b\n1,2\n"), { decompress: false }, /is gzip/, /decompress: "gzip"/],
    ["nothing", "", {}, /no row/, /written to its end/],
  ])("%s", async (_, text, options, message, hint) => {
    expect(await failure("csv", text, options)).toEqual({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test.each<[encoding: "latin1" | "utf-16le", bytes: Uint8Array, option: RegExp]>([
    ["latin1", latin1("ä,b\n1,2\n"), /windows-1252/],
    ["utf-16le", utf16("a,b\n1,2\n"), /utf-16le/],
  ])("text in another encoding is told by the option that reads it: %s", async (encoding, bytes, option) => {
    expect((await failure("csv", bytes)).hint).toMatch(option);
    expect(await tableOf(data, "csv", bytes, { encoding })).toHaveLength(1);
  });

  test("text that begins like another format is text", async () => {
    expect(await tableOf(data, "csv", "PAR1,b\n1,2\n")).toEqual([{ PAR1: 1n, b: 2n }]);
    expect(await tableOf(data, "csv", "a\ufffd,b\nx,2\n")).toEqual([{ "a\ufffd": "x", b: 2n }]);
  });
});

describe("JSON lines", () => {
  test.each<[what: string, text: string | Uint8Array, options: object, message: RegExp, hint: RegExp]>([
    ["a line that is cut", '{"a":1}\n\n{"a":\n{"a":2}\n', {}, /no JSON in line 3: Unexpected end/, /cut/],
    ["two values", '{"a":1}\n{"a":2}}\n', {}, /no JSON in line 2/, /one object/],
    ["NaN", '{"a":NaN}\n', {}, /no JSON in line 1/, /null/],
    ["a value in many lines", '{\n"a": 1\n}\n', {}, /no JSON in line 1/, /format: "json"/],
    ["an array", '{"a":1}\n[1]\n', {}, /an array in line 2/, /\{ "column": value \}/],
    ["an array of rows", '[{"a":1}]\n', {}, /an array in line 1/, /format: "json"/],
    [
      "two kinds",
      '{"a":true}\n{"a":2}\n',
      {},
      /a number in column "a", line 2, where line 1 has a boolean/,
      /types: \{ "a": "string"/,
    ],
    [
      "two kinds below",
      '{"a":{"b":[1]}}\n{"a":{"b":2}}\n',
      {},
      /a number in column "a"."b", line 2, where line 1 has an array/,
      /"a"/,
    ],
    [
      "no integer",
      '{"a":1}\n{"a":"x"}\n',
      { types: { a: "int64" } },
      /"x" in column "a", line 2, which is no int64/,
      /string/,
    ],
    [
      "too large an integer",
      '{"a":1}\n{"a":300}\n',
      { types: { a: "int8" } },
      /300 in column "a", line 2, which is no int8/,
      /holds them/,
    ],
    ["no day", '{"a":"2020-01-01"}\n{"a":"x"}\n', { types: { a: "date" } }, /"a", line 2, which is no date/, /ISO/],
    ["no boolean", '{"a":"x"}\n', { types: { a: "boolean" } }, /column "a" of .*, string, becomes no boolean/, /frame/],
    ["Latin letters", latin1('{"a":1}\n{"a":"ü"}\n'), {}, /no UTF-8 in line 2/, /readText/],
    ["UTF-16", utf16('\ufeff{"a":1}\n'), {}, /UTF-16/, /readText/],
  ])("%s", async (_, text, options, message, hint) => {
    expect(await failure("jsonl", text, options)).toEqual({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test("of an array the value is named", async () => {
    expect((await failure("json", '[{"a":1},\n{"a":x}]')).message).toMatch(/no JSON in value 2/);
    await expect(tableOf(data, "json", '[{"a":1},')).rejects.toMatchObject(code("malformed"));
  });
});

test("an address that holds a pattern, or is a folder's without its slash, says so", async () => {
  await expect(data.readTable("memory:///t/*.csv")).rejects.toMatchObject({
    code: "not-found",
    hint: expect.stringMatching(/glob\(\) takes patterns/),
  });
  await expect(data.readTable("memory:///t")).rejects.toMatchObject({
    code: "unsupported",
    hint: expect.stringMatching(/folder ends in \//),
  });
});

test("an option of polars that there is none of is a mistake", async () => {
  const name = "memory:///t/engine.csv";
  await data.writeText(name, "a\n1\n");
  await expect(data.readTable(name, { engine: { bogus: 1 } as object })).rejects.toThrow(/no option "bogus"/);
  const frame = await data.readTable(name);
  await expect(data.writeTable("memory:///t/e.parquet", frame, { engine: { bogus: 1 } as object })).rejects.toThrow(
    /bogus/,
  );
});
