/** What CSV readers lose without a word, one after the other: here it is right or an error. */
import { afterAll, describe, expect, test } from "vitest";
import { code, memoryDepot, tableOf } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());
const csv = (text: string | Uint8Array, options = {}) => tableOf(data, "csv", text, options);
const many = (line: string) => `${line}\n`.repeat(12_000);

describe("types are found, however late they show", () => {
  test.each<[what: string, late: string, value: unknown]>([
    ["a fraction", "1.5", 1.5],
    ["text", "x", "x"],
    ["an integer of 19 digits among text", "99999999999999999999x", "99999999999999999999x"],
  ])("%s below 12,000 integers", async (_, late, value) => {
    const rows = await csv(`a\n${many("1")}${late}\n`);
    expect(rows).toHaveLength(12_001);
    expect(rows.at(-1)).toEqual({ a: value });
  });

  test("integers are exact up to 64 bits, and beyond them an error that says the way out", async () => {
    expect(await csv("a\n9007199254740993\n-9223372036854775808\n")).toEqual([
      { a: 9007199254740993n },
      { a: -9223372036854775808n },
    ]);
    await expect(csv("a\n18446744073709551615\n")).rejects.toMatchObject(code("unsupported", /64 bits/));
    expect(await csv("a\n18446744073709551615\n", { types: { a: "uint64" } })).toEqual([{ a: 2n ** 64n - 1n }]);
    expect(await csv("a\n99999999999999999999\n", { types: { a: "decimal(38,0)" } })).toEqual([
      { a: "99999999999999999999" },
    ]);
    expect(await csv("a\n99999999999999999999\n", { columns: { a: "string" } })).toEqual([
      { a: "99999999999999999999" },
    ]);
  });

  test("an integer that a float would round, in a column with fractions, is an error", async () => {
    await expect(csv("a\n9007199254740993\n0.5\n")).rejects.toMatchObject(code("unsupported", /9007199254740993/));
    expect(await csv("a\n9007199254740992\n0.5\n")).toEqual([{ a: 2 ** 53 }, { a: 0.5 }]);
    expect(await csv("a\n9007199254740993\n0.5\n", { types: { a: "decimal(38,1)" } })).toEqual([
      { a: "9007199254740993.0" },
      { a: "0.5" },
    ]);
    for (const [cell, type] of [
      ["9007199254740993", "float64"],
      ["16777217", "float32"],
      ["1e400", "float64"],
      ["1e39", "float32"],
    ] as const)
      await expect(csv(`a\n${cell}\n0.5\n`, { types: { a: type } })).rejects.toMatchObject(code("unsupported", /hold/));
    await expect(csv("a\n1e400\n0.5\n")).rejects.toMatchObject(code("unsupported", /1e400/));
    expect(await csv("a\n1e300\n16777217\n-inf\n0.5\n", { types: { a: "float64" } })).toHaveLength(4);
  });

  test("decimals keep every digit; one too many is an error", async () => {
    const options = { types: { a: "decimal(38,10)" } };
    expect(
      await csv("b,a\n,12345678901234567890.1234567890\n,-0.0000000001\n,\n", { ...options, columns: ["a"] }),
    ).toEqual([{ a: "12345678901234567890.1234567890" }, { a: "-0.0000000001" }, { a: null }]);
    await expect(csv("a\n1.005\n", { types: { a: "decimal(38,2)" } })).rejects.toMatchObject(
      code("malformed", /1\.005/),
    );
    const comma = { delimiter: ";", decimal: ",", types: { a: "decimal(38,2)" } };
    expect(await csv("a;b\n1,5;1\n-3;\n", comma)).toMatchObject([{ a: "1.50" }, { a: "-3.00" }]);
    await expect(csv("a;b\n1.5;1\n", comma)).rejects.toMatchObject(code("malformed", /1\.5/));
    expect(await csv("a\n1.500\n", { types: { a: "decimal(38,2)" } })).toEqual([{ a: "1.50" }]);
  });
});

describe("cells that do not fit", () => {
  test.each<[type: string, cell: string]>([
    ["int64", "x"],
    ["int8", "300"],
    ["float64", "1,5x"],
    ["boolean", "yes"],
    ["date", "2020-13-45"],
    ["timestamp", "noon"],
  ])("%s: %s is malformed and says which column", async (type, cell) => {
    await expect(csv(`a,b\n"${cell}",2\n`, { types: { a: type } })).rejects.toMatchObject(
      code("malformed", /in column "a"/),
    );
  });

  test("the hint says how to take it for missing, and that works", async () => {
    const text = "a\n1\nNA\n";
    await expect(csv(text, { types: { a: "int64" } })).rejects.toMatchObject({
      hint: expect.stringMatching(/nullValues/),
    });
    expect(await csv(text, { nullValues: ["NA"] })).toEqual([{ a: 1n }, { a: null }]);
  });

  test("a row with more cells than columns is malformed, one with fewer has missing values", async () => {
    await expect(csv("a,b\n1,2\n1,2,3\n")).rejects.toMatchObject(code("malformed"));
    expect(await csv("a,b\n1,2\n1\n")).toEqual([
      { a: 1n, b: 2n },
      { a: 1n, b: null },
    ]);
  });

  test.each([
    ["a quote that is never closed", 'a,b\n"x,1\n'],
    ["text behind a closing quote", 'a,b\n"x"y,1\nz,2\n'],
    ["bytes that are no UTF-8", Uint8Array.of(0x61, 10, 0xff, 10)],
    ["nothing at all", ""],
  ])("%s: malformed", async (_, text) => {
    await expect(csv(text)).rejects.toMatchObject(code("malformed"));
  });
});

describe("what looks alike", () => {
  test("an empty text is not a missing one", async () => {
    expect(await csv('a,b\n"",\nx,y\n')).toEqual([
      { a: "", b: null },
      { a: "x", b: "y" },
    ]);
  });
  test("quotes, delimiters and line ends in cells; a byte order mark; CRLF", async () => {
    expect(await csv('\ufeffa,b\r\n"x, ""y""\r\nz",1\r\nü,2\r\n')).toEqual([
      { a: 'x, "y"\r\nz', b: 1n },
      { a: "ü", b: 2n },
    ]);
  });
  test("NaN and infinity are themselves", async () => {
    expect(await csv("a\n1.5\nNaN\ninf\n-inf\n")).toEqual([
      { a: 1.5 },
      { a: Number.NaN },
      { a: Number.POSITIVE_INFINITY },
      { a: Number.NEGATIVE_INFINITY },
    ]);
  });
  test("two columns of one name are both there", async () => {
    expect(await csv("a,a\n1,2\n")).toEqual([{ a: 1n, a_duplicated_0: 2n }]);
  });
  test("a table without rows has its columns", async () => {
    expect((await data.readTable(await put("a,b\n"))).columns).toEqual(["a", "b"]);
  });
  test("names that polars takes for patterns are names", async () => {
    const name = await put("*,^a.*$,ab\n1,2,3\n");
    const frame = await data.readTable(name, { columns: ["^a.*$", "*"], where: { "^a.*$": 2 } });
    expect(frame.columns).toEqual(["^a.*$", "*"]);
    expect(frame.height).toBe(1);
  });
});

describe("options", () => {
  test.each<[options: object, text: string, rows: unknown]>([
    [{ delimiter: ";", decimal: "," }, "a;b\n1,5;2\n", [{ a: 1.5, b: 2n }]],
    [{ header: false }, "1,2\n", [{ column_1: 1n, column_2: 2n }]],
    [{ skipRows: 2 }, 'made "today\nby me\na\n1\n', [{ a: 1n }]],
    [{ comment: "#" }, "# x\na\n1\n#y\n2\n", [{ a: 1n }, { a: 2n }]],
    [{ quote: "'" }, "a\n'x,y'\n", [{ a: "x,y" }]],
    [{ quote: false }, 'a\n"x\n', [{ a: '"x' }]],
    [{ types: { a: "string" } }, "a\n007\n", [{ a: "007" }]],
    [
      { dates: true },
      "d,t\n2020-01-02,2020-01-02T03:04:05.123456\n",
      [{ d: new Date("2020-01-02"), t: "2020-01-02T03:04:05.123456" }],
    ],
    [{ dates: true }, "t\n2020-01-01T10:00:00+02:00\n", [{ t: "2020-01-01T08:00:00.000000Z" }]],
    [{ engine: { skipRowsAfterHeader: 1 } }, "a\n1\n2\n", [{ a: 2n }]],
    [{ limit: 1 }, "a\n1\nx\n", [{ a: 1n }]],
    [{ limit: 0 }, "a\n1\n", []],
    [{ limit: 1, comment: "#", skipRows: 1 }, "junk\n# x\na\n1\n2\n", [{ a: 1n }]],
    [{ columns: ["b"] }, "a,b\nx,2\n", [{ b: 2n }]],
  ])("%j", async (options, text, rows) => {
    expect(await csv(text, options)).toEqual(rows);
  });

  test("encodings", async () => {
    const utf16 = Buffer.from("\ufeffa\nü\n", "utf16le");
    expect(await csv(utf16, { encoding: "utf-16le" })).toEqual([{ a: "ü" }]);
    expect(await csv(Uint8Array.of(0x61, 10, 0xfc, 10), { encoding: "latin1" })).toEqual([{ a: "ü" }]);
  });

  test.each<[options: object, message: RegExp]>([
    [{ delimiter: ";;" }, /one ASCII character/],
    [{ types: { a: "integer" } }, /cannot be "integer"/],
    [{ columns: [] }, /names none/],
    [{ columns: ["a", "a"] }, /twice/],
    [{ where: { a: { like: "x" } } }, /no test "like"/],
    [{ where: { a: "x" } }, /int64, with "x"/],
    [{ rowGroups: [0] }, /an option of parquet/],
  ])("%j is a mistake", async (options, message) => {
    await expect(csv("a\n1\n", options)).rejects.toThrow(message);
    await expect(csv("a\n1\n", options)).rejects.not.toMatchObject({ name: "EntrepotError" });
  });
  test("a column that there is none of says which there are", async () => {
    for (const options of [{ columns: ["z"] }, { where: { z: 1 } }, { types: { z: "string" } }])
      await expect(csv("a,b\n1,2\n", options)).rejects.toMatchObject({ code: "malformed", hint: 'it has "a", "b"' });
  });
});

describe("rows are chosen exactly", () => {
  const text = "i,f,s,d\n9007199254740993,0.5,b,2020-01-02\n9007199254740992,NaN,a,2020-01-01\n,,,\n";
  test.each<[where: object, rows: number]>([
    [{ i: 9007199254740993n }, 1],
    [{ i: { gt: 9007199254740992n } }, 1],
    [{ i: { lt: 2n ** 70n } }, 2],
    [{ i: { gt: 2n ** 70n } }, 0],
    [{ i: null }, 1],
    [{ i: { ne: null } }, 2],
    [{ i: { ne: 9007199254740993n } }, 1],
    [{ i: { in: [9007199254740993n, null] } }, 2],
    [{ f: { gte: 0.5 } }, 1],
    [{ f: { lt: 1 }, s: "b" }, 1],
    [{ s: { gt: "a" } }, 1],
    [{ d: { gte: new Date("2020-01-01T12:00:00Z") } }, 1],
    [{ d: "2020-01-01" }, 1],
    [{ or: [{ s: "a" }, { s: "b" }] }, 2],
    [{ and: [{ s: "a" }, { s: "b" }] }, 0],
  ])("%o", async (where, rows) => {
    expect(await csv(text, { where, types: { d: "date" } })).toHaveLength(rows);
  });
});

async function put(text: string): Promise<string> {
  const name = `memory:///t/${Math.random()}.csv`;
  await data.writeText(name, text);
  return name;
}

describe("days and times in large files", () => {
  const row = (id: number, day: string, at: string) => `${id},${day},${at},${"x".repeat(60)}\n`;
  const many = Array.from({ length: 100_000 }, (_, id) => row(id, "2020-01-02", "2020-01-02T03:04:05.678")).join("");
  const end = async (last: string, first = "") =>
    (await tableOf(data, "csv", `id,day,at,text\n${first}${many}${last}`, { dates: true })).at(-1);

  test.each<[string, string, unknown, unknown]>([
    ["are exact", row(1, "1969-12-31", "1969-12-31 23:59:59.999999"), "1969-12-31", "1969-12-31T23:59:59.999999"],
    ["may be missing", row(1, "", ""), null, null],
    ["are text where one is none", row(1, "soon", "2020-01-02T03:04:05"), "soon", "2020-01-02T03:04:05.000000"],
    ["are text where one does not exist", row(1, "2020-02-30", ""), "2020-02-30", null],
  ])("%s", async (_, last, day, at) => {
    const found = await end(last);
    const text = found?.["day"] instanceof Date ? found["day"].toISOString().slice(0, 10) : found?.["day"];
    expect([text, found?.["at"]]).toEqual([day, at]);
  });

  test("are found below rows without any", async () => {
    expect(await end(row(1, "2020-01-03", ""), row(0, "", "").repeat(200))).toMatchObject({
      day: new Date("2020-01-03"),
      at: null,
    });
  });
});
