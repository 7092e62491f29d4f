import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostile } from "../../tests/hostile-inputs.ts";
import {
  bytesOfText,
  type Cell,
  csvRowStream,
  csvRowsOf,
  csvText,
  csvTextPieces,
  rawRowStream,
  rawRowsOf,
} from "./index.ts";

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = bytesOfText(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function streamed<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

describe("rows and cells", () => {
  test.each<[string, string[][]]>([
    ["", []],
    [
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a,b\r\n1,2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a,b\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["a,,b,\n", [["a", "", "b", ""]]],
    [",\n", [["", ""]]],
    ["a\n\nb\n", [["a"], [], ["b"]]],
    ["\n", [[]]],
    ['""\n', [[""]]],
    ['"a,b","c""d","e\nf","g\r\nh"\n', [["a,b", 'c"d', "e\nf", "g\r\nh"]]],
    ['"","",""""\n', [["", "", '"']]],
    ['a"b,c""d\n', [['a"b', 'c""d']]],
    ['a "b",c\n', [['a "b"', "c"]]],
    [' a , "b\n', [[" a ", ' "b']]],
    ["a\rb,c\n", [["a\rb", "c"]]],
    ['"a"\r\n"b"\n', [["a"], ["b"]]],
    ['"a\n\n",b\n', [["a\n\n", "b"]]],
    ['x,"a"', [["x", "a"]]],
  ])("%j, whole and wherever the pieces are cut", async (text, expected) => {
    expect([...csvRowsOf(text)]).toEqual(expected);
    for (const size of [1, 2, 3, 100]) expect(await streamed(csvRowStream(pieces(text, size)))).toEqual(expected);
  });

  test("a byte order mark does not become part of the first name", async () => {
    expect(await streamed(csvRowStream(pieces('\ufeff"a",b\n', 1)))).toEqual([["a", "b"]]);
  });

  test.each(hostile.csv_headers)("the header %j is only text", (header) => {
    const [row] = csvRowsOf(`${header}\n`);
    expect(row?.join(",")).toBe(header);
  });

  test("another delimiter makes a comma a character like others", () => {
    expect([...csvRowsOf('a;"b;c";d,e\n', { delimiter: ";" })]).toEqual([["a", "b;c", "d,e"]]);
    expect([...csvRowsOf("a\tb\n", { delimiter: "\t" })]).toEqual([["a", "b"]]);
    for (const delimiter of ["", ",,", '"', "\n", "\r", "\u{1F600}"]) {
      expect(() => [...csvRowsOf("a", { delimiter })]).toThrow(RangeError);
      expect(() => csvText([], { delimiter })).toThrow(RangeError);
    }
  });

  test.each([
    ['a\n"b', "row 2"],
    ['"a\n', "row 1"],
    ['"', "row 1"],
    ['a\n"b"c\n', "row 2"],
    ['"a" ,b\n', "row 1"],
    ['"a""', "row 1"],
  ])("%j is malformed, and the row is told", async (text, where) => {
    const error = {
      code: "malformed",
      uri: "s3://b/k",
      message: expect.stringContaining(where),
      hint: expect.any(String),
    };
    expect(() => [...csvRowsOf(text, { uri: "s3://b/k" })]).toThrow(expect.objectContaining(error));
    for (const size of [1, 100])
      await expect(streamed(csvRowStream(pieces(text, size), { uri: "s3://b/k" }))).rejects.toMatchObject(error);
  });
});

describe("raw rows", () => {
  test("are the texts of the rows, quotes and all", async () => {
    const text = 'a,"b\nc"\r\n\n"d""",e"f\n';
    const expected = ['a,"b\nc"', "", '"d""",e"f'];
    expect([...rawRowsOf(text)]).toEqual(expected);
    for (const size of [1, 2, 3]) expect(await streamed(rawRowStream(pieces(text, size)))).toEqual(expected);
  });

  test("do not mind what stands behind a closing quote", () => expect([...rawRowsOf('"a" ,b\n')]).toEqual(['"a" ,b']));

  test("have a longest", async () => {
    async function* endless() {
      yield bytesOfText('"');
      for (;;) yield bytesOfText("a\n");
    }
    await expect(streamed(rawRowStream(endless(), { maxRowLength: 1_000 }))).rejects.toMatchObject({
      code: "limit-exceeded",
    });
    expect(() => [...rawRowsOf("123456\n", { maxRowLength: 5 })]).toThrow(
      expect.objectContaining({ code: "limit-exceeded" }),
    );
    expect([...rawRowsOf("12345\n12345", { maxRowLength: 5 })]).toHaveLength(2);
  });
});

describe("written CSV", () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("a", '"', ",", ";", "\n", "\r", " ", "\ufeff", "é"), { maxLength: 5 })
      .map((parts) => parts.join("")),
  );
  const table = fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 5 });

  test("is read back as it was, with any cells, delimiter and line ends, whole or in pieces", async () => {
    const delimiters = fc.constantFrom(",", ";", "\t", "|", " ", "a");
    await fc.assert(
      fc.asyncProperty(
        table,
        delimiters,
        fc.constantFrom("\n", "\r\n"),
        fc.integer({ min: 1, max: 9 }),
        async (rows, delimiter, newline, size) => {
          const text = csvText(rows, { delimiter, newline });
          expect([...csvRowsOf(text, { delimiter })]).toEqual(rows);
          expect(await streamed(csvRowStream(pieces(text, size), { delimiter }))).toEqual(rows);
          expect(
            [...rawRowsOf(text, { delimiter })].map((raw) => [...csvRowsOf(`${raw}\n`, { delimiter })][0]),
          ).toEqual(rows);
          expect(rows.map((row) => csvText([row], { delimiter, newline })).join("")).toBe(text);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("quotes only where it must, and ends every row", () => {
    expect(csvText([["a", " b ", "c'd", "é"], ["a,b", 'c"d', "e\nf"], [""], [], ["", ""]])).toBe(
      'a, b ,c\'d,é\n"a,b","c""d","e\nf"\n""\n\n,\n',
    );
    expect(csvText([["a"]], { newline: "\r\n" })).toBe("a\r\n");
    expect(csvText([])).toBe("");
  });

  test("has numbers, dates and nothing as text", () => {
    const row: Cell[] = [1, 1.5, -0, 2n ** 64n, true, new Date(0), null, undefined, Number.NaN];
    expect(csvText([row])).toBe("1,1.5,0,18446744073709551616,true,1970-01-01T00:00:00.000Z,,,NaN\n");
  });

  test.each<[unknown]>([[[{}]], [[[]]], [[() => 1]], [[Symbol("a")]], [[new Date(Number.NaN)]], ["a,b"], [{ a: 1 }]])(
    "refuses what is no cell or row (%#)",
    (row) => {
      expect(() => csvText([row as Cell[]])).toThrow(TypeError);
    },
  );

  test("names line ends, and leaves out the last one where asked to, as PWBM_Cloud_Utils wrote", async () => {
    const rows = [["a", 1], [], ["b"]];
    const options = { newline: "crlf", finalNewline: false } as const;
    expect(csvText(rows, options)).toBe("a,1\r\n\r\nb");
    expect(csvText([], options)).toBe("");
    expect(csvText(rows, { newline: "lf" })).toBe("a,1\n\nb\n");
    let pieces = "";
    for await (const piece of csvTextPieces(rows, options)) pieces += piece;
    expect(pieces).toBe("a,1\r\n\r\nb");
    expect([...csvRowsOf(pieces)]).toEqual([["a", "1"], [], ["b"]]);
  });
  test("does not leave out the line end that alone shows a last row without cells", () => {
    expect(() => csvText([["a"], []], { finalNewline: false })).toThrow(TypeError);
    expect([...csvRowsOf(csvText([["a"], []]))]).toEqual([["a"], []]);
  });
  test("refuses other line ends", () => expect(() => csvText([["a"]], { newline: "\r" as "\n" })).toThrow(RangeError));
});

test("a row of many pieces takes time in proportion to its length", async () => {
  const time = async (size: number) => {
    const started = performance.now();
    expect((await streamed(csvRowStream(pieces(`"${'a""\n'.repeat(size / 4)}"\n`, 64)))).length).toBe(1);
    return performance.now() - started;
  };
  await time(100_000);
  const [short, long] = [await time(100_000), await time(800_000)];
  expect(long).toBeLessThan(short * 40 + 100);
});
