/** What text says, and nothing that it does not: days, blank lines, line ends, names, first rows. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { code, exact, memoryDepot, tableOf } from "./world.ts";

const data = memoryDepot();
const csv = (text: string | Uint8Array, options = {}) => tableOf(data, "csv", text, options);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
});
afterAll(async () => {
  await data.close();
  await rm(folder, { recursive: true });
});

describe("days and times are ISO 8601", () => {
  test.each<[what: string, cells: readonly string[], values: readonly unknown[]]>([
    ["days", ["2024-01-31", "0024-02-29"], [new Date("2024-01-31"), new Date("0024-02-29")]],
    ["day first", ["1/2/2024", "31/12/2024"], ["1/2/2024", "31/12/2024"]],
    ["years of two digits", ["24-01-02"], ["24-01-02"]],
    ["a day that there is none of", ["2024-02-30"], ["2024-02-30"]],
    ["days among other texts", ["2024-01-31", "soon"], ["2024-01-31", "soon"]],
    ["times", ["03:04", "03:04:05.5"], ["03:04:00", "03:04:05.5"]],
    ["an hour that there is none of", ["24:00"], ["24:00"]],
    [
      "timestamps",
      ["2020-01-02 03:04", "2020-01-02T03:04:05.5"],
      ["2020-01-02T03:04:00.000000", "2020-01-02T03:04:05.500000"],
    ],
    ["nanoseconds", ["2020-01-02T03:04:05.123456789"], ["2020-01-02T03:04:05.123456789"]],
    ["nanoseconds of a year that no int64 has", ["0024-01-02T03:04:05.123456789"], ["0024-01-02T03:04:05.123456789"]],
    [
      "offsets",
      ["2020-01-01T10:00:00+02:00", "2020-01-01T10:00:00.25-0030", "2020-01-01T00:00Z"],
      ["2020-01-01T08:00:00.000000Z", "2020-01-01T10:30:00.250000Z", "2020-01-01T00:00:00.000000Z"],
    ],
    [
      "offsets of some",
      ["2020-01-01T10:00:00Z", "2020-01-01T10:00:00"],
      ["2020-01-01T10:00:00Z", "2020-01-01T10:00:00"],
    ],
    ["before 1970", ["1969-12-31T23:59:59.999999"], ["1969-12-31T23:59:59.999999"]],
  ])("%s with dates", async (_, cells, values) => {
    const text = `n,x\n${cells.map((cell, index) => `${index},${cell}`).join("\n")}\n9,\n`;
    const rows = await csv(text, { dates: true, columns: ["x"] });
    expect(rows.map(({ x }) => x)).toEqual([...values, null]);
  });

  test.each<[type: string, cell: string, value: unknown]>([
    ["date", "2024-01-31", new Date("2024-01-31")],
    ["date", "1/2/2024", undefined],
    ["date", "24-01-02", undefined],
    ["date", "2024-02-30", undefined],
    ["date", "2024-01-31T00:00", undefined],
    ["timestamp", "2024-01-31", "2024-01-31T00:00:00.000000"],
    ["timestamp", "2024-01-31 12:30", "2024-01-31T12:30:00.000000"],
    ["timestamp", "2024-01-31T12:30:00.123456000", "2024-01-31T12:30:00.123456"],
    ["timestamp", "2024-01-31T12:30:00.1234567", undefined],
    ["timestamp", "2024-01-31T12:30:00Z", undefined],
    ["timestamp", "31.1.2024 12:30", undefined],
    ["time", "23:59:59.999999999", "23:59:59.999999999"],
    ["time", "23:60", undefined],
  ])("%s asked of %s", async (type, cell, value) => {
    for (const options of [{ types: { a: type } }, { columns: { a: type } }]) {
      const read = csv(`a\n${cell}\n`, options);
      if (value !== undefined) expect(await read).toEqual([{ a: value }]);
      else await expect(read).rejects.toMatchObject(code("malformed", /in column "a", line 2, which is no/));
    }
  });
});

describe("a blank line is no row", () => {
  test.each<[what: string, text: string, options: object, rows: unknown]>([
    ["one column", "\na\n\n1\n\n2\n\n", {}, [{ a: 1n }, { a: 2n }]],
    [
      "two",
      "a,b\n\n1,\n\r\n,2\n\n",
      {},
      [
        { a: 1n, b: null },
        { a: null, b: 2n },
      ],
    ],
    ["one of which only one is read", "a,b\n\n,1\n", { columns: ["a"] }, [{ a: null }]],
    ["a limit", "\n\na\n\n1\n\n2\n\n3\n", { limit: 2 }, [{ a: 1n }, { a: 2n }]],
    ["no header", "\n1\n\n", { header: false }, [{ column_1: 1n }]],
    [
      "in quotes it is text",
      'a,b\n"x\n\ny",\n,\n\n',
      {},
      [
        { a: "x\n\ny", b: null },
        { a: null, b: null },
      ],
    ],
    ["a condition", "a,b\n\n,1\n", { where: { a: null } }, [{ a: null, b: 1n }]],
    ["below what is skipped", "\n\na\n\n\n1\n", { skipRows: 2 }, [{ a: 1n }]],
  ])("%s", async (_, text, options, rows) => {
    expect(await csv(text, options)).toEqual(rows);
  });
});

describe("line ends and names", () => {
  test("carriage returns alone end lines; inside quotes they are text", async () => {
    expect(await csv('a,b\r1,"x\ry"\r2,z\r')).toEqual([
      { a: 1n, b: "x\ry" },
      { a: 2n, b: "z" },
    ]);
    expect(await csv("a\r1\r2\r", { limit: 1 })).toEqual([{ a: 1n }]);
    expect(await tableOf(data, "jsonl", '{"a":1}\r{"a":2}\r')).toEqual([{ a: 1n }, { a: 2n }]);
  });
  test("quotes in names are doubled once", async () => {
    expect(await csv('"na""me","x,y"\n1,2\n')).toEqual([{ 'na"me': 1n, "x,y": 2n }]);
    expect(await csv('"a""""b","a""b"\n1,2\n')).toEqual([{ 'a""b': 1n, 'a"b': 2n }]);
    expect(await csv("'na''me'\n1\n", { quote: "'" })).toEqual([{ "na'me": 1n }]);
  });
});

describe("the first rows", () => {
  test("need nothing of what stands below them, wherever the file lies", async () => {
    const texts: readonly [text: string, options: object, rows: unknown][] = [
      ["a\n1\nx\n", { types: { a: "int64" } }, [{ a: 1n }]],
      ['a\n1\n"x\n', {}, [{ a: 1n }]],
      ['pipe 5" wide\na\n1\n2\n', { skipRows: 1 }, [{ a: 1n }]],
      ["a\n'1\n2'\n3\n", { quote: "'" }, [{ a: "1\n2" }]],
      ['# x,"\na\n1\n2\n', { comment: "#" }, [{ a: 1n }]],
    ];
    for (const [text, options, rows] of texts) {
      expect(await csv(text, { ...options, limit: 1 })).toEqual(rows);
      await writeFile(`${folder}/x.csv`, text);
      expect(exact(await data.readTable(`file://${folder}/x.csv`, { ...options, limit: 1 }))).toEqual(rows);
    }
  });
  test("a quote that is never closed in them is malformed", async () => {
    await expect(csv('a,b\n"x,1\n2,3\n', { limit: 1 })).rejects.toMatchObject(code("malformed", /never closed/));
  });
  test("encodings are decoded once", async () => {
    const latin = Buffer.from("a,b\nñé,1\nü,2\n", "latin1");
    expect(await csv(latin, { encoding: "latin1", limit: 1 })).toEqual([{ a: "ñé", b: 1n }]);
    const wide = Buffer.from("\ufeffa\nü\n", "utf16le");
    expect(await csv(wide, { encoding: "utf-16le", limit: 1 })).toEqual([{ a: "ü" }]);
  });
});
