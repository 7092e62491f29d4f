/** What is written is read back as it was, and what a format cannot hold is said before anything is written. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "entrepot";
import pl from "nodejs-polars";
import { afterAll, describe, expect, test } from "vitest";
import { type Bench, backends } from "../depot/backends.ts";
import { code, exact, fixture, memoryDepot } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());
const small = () =>
  pl.readRecords([
    { a: 1, s: 'x,"y"\nz' },
    { a: 2.5, s: "" },
  ]);

describe.each(backends)("on $name", ({ open }) => {
  let bench: Bench;
  afterAll(() => bench.close());
  test("every format, compressed or not", async () => {
    bench = await open();
    const names = [
      "t.csv",
      "t.tsv",
      "t.jsonl",
      "t.ndjson",
      "t.json",
      "t.parquet",
      "t.pqt",
      "t.arrow",
      "t.feather",
      "t.ipc",
    ];
    for (const name of [...names, "z.csv.gz", "z.json.gz", "z.parquet.gz", "Z.NDJSON.GZ"]) {
      const written = await bench.data.writeTable(name, small());
      expect(written).toMatchObject({ uri: bench.data.resolve(name) });
      expect(exact(await bench.data.readTable(name)), name).toEqual(exact(small()));
    }
    expect((await bench.data.writeTable("c.csv", small(), { compress: "gzip" })).uri).toMatch(/c\.csv\.gz$/);
    await expect(bench.data.writeTable("t.csv", small(), { ifNoneMatch: "*" })).rejects.toMatchObject({
      code: "already-exists",
    });
  });
});

test("all types go through Parquet and Arrow", async () => {
  const frame = await data.readTable(fixture("pyarrow.parquet"));
  const before = exact(frame, { timestamps: "text" });
  for (const codec of ["snappy", "zstd", "gzip", "lz4", "brotli", "none"] as const) {
    await data.writeTable("memory:///t.parquet", frame, { codec, rowGroupRows: 2 });
    expect(exact(await data.readTable("memory:///t.parquet"), { timestamps: "text" }), codec).toEqual(before);
  }
  for (const codec of ["zstd", "lz4", "none"] as const) {
    await data.writeTable("memory:///t.arrow", frame, { codec });
    expect(exact(await data.readTable("memory:///t.arrow"), { timestamps: "text" }), codec).toEqual(before);
  }
});

test("what text cannot hold is unsupported, and nothing is written", async () => {
  const frame = await data.readTable(fixture("pyarrow.parquet"));
  for (const [name, columns] of [
    ["u.csv", ["list", "struct", "bytes", "span"]],
    ["u.jsonl", ["bytes", "f64"]],
    ["u.json", ["bytes", "f64"]],
  ] as const) {
    for (const column of columns) {
      await expect(data.writeTable(`memory:///${name}`, frame.select(column))).rejects.toMatchObject(
        code("unsupported", new RegExp(column)),
      );
    }
    expect(await data.exists(`memory:///${name}`)).toBe(false);
  }
});

test("what text can hold, it holds exactly", async () => {
  const frame = await data.readTable(fixture("pyarrow.parquet"));
  const columns = ["i64", "dec", "utc", "ns", "day", "time", "text"] as const;
  await data.writeTable("memory:///w.csv", frame.select(...columns));
  const types = { dec: "decimal(38,10)", day: "date", time: "string" } as const;
  const rows = exact(await data.readTable("memory:///w.csv", { types, dates: false }));
  expect(rows[0]).toMatchObject({
    i64: 9007199254740993n,
    dec: "12345678901234567890.1234567890",
    utc: "2020-09-13T12:26:40.123456+0000",
    ns: "2020-09-13T12:26:40.123456789",
    time: "00:00:01.000000001",
    text: 'ünï✓日本😀,"q"\nz',
  });
  expect(rows[1]).toMatchObject({ i64: null, dec: null, text: null });
  expect(rows[2]).toMatchObject({ text: "" });
  await data.writeTable("memory:///w.jsonl", frame.select("i64", "u64", "dec", "struct", "list"));
  expect(await data.readText("memory:///w.jsonl")).toContain(
    '{"i64":9007199254740993,"u64":18446744073709551615,"dec":"12345678901234567890.1234567890","struct":{"a":1,"b":"x"},"list":[1,2,null]}\n',
  );
});

test.each<[options: object, text: string]>([
  [{ newline: "crlf" }, 'a,s\r\n1.0,"x,""y""\nz"\r\n2.5,""\r\n'],
  [{ delimiter: ";", decimal: ",", header: false }, '1,0;"x,""y""\nz"\n2,5;""\n'],
  [{ floatDigits: 2, quote: "'" }, "a,s\n1.00,'x,\"y\"\nz'\n2.50,''\n"],
])("CSV with %j", async (options, text) => {
  await data.writeTable("memory:///o.csv", small(), options);
  expect(await data.readText("memory:///o.csv")).toBe(text);
});

test("formats of days are quoted where they need it, and names and missing values read back", async () => {
  const frame = pl
    .DataFrame({ 'na"me': [new Date("2024-01-31T12:30:00Z"), null], "x,y": ["NA", ""] })
    .withColumns(pl.col('na"me').cast(pl.Date).alias("d"));
  const options = { dateFormat: "%d,%m", timestampFormat: '%H "%M"' };
  await data.writeTable("memory:///q.csv", frame, options);
  expect(await data.readText("memory:///q.csv")).toBe('"na""me","x,y",d\n"12 ""30""",NA,"31,01"\n,"",\n');
  expect(exact(await data.readTable("memory:///q.csv"))).toEqual([
    { 'na"me': '12 "30"', "x,y": "NA", d: "31,01" },
    { 'na"me': null, "x,y": "", d: null },
  ]);
  await data.writeTable("memory:///q.csv", frame.select("d") as unknown as Frame, { nullValue: "-" });
  const back = await data.readTable("memory:///q.csv", { nullValues: ["-"], dates: true });
  expect(exact(back)).toEqual(exact(frame.select("d") as unknown as Frame));
});

test.each<[options: object, message: RegExp]>([
  [{ nullValue: "a,b" }, /holds a delimiter/],
  [{ nullValue: "a\n" }, /line end/],
  [{ nullValue: 'a"' }, /quote/],
  [{ decimal: "," }, /both ","/],
  [{ delimiter: "-" }, /numbers or times/],
  [{ delimiter: "e" }, /numbers or times/],
  [{ delimiter: ";", quote: ";" }, /both ";"/],
])("CSV with %j is a mistake", async (options, message) => {
  await expect(data.writeTable("memory:///m.csv", small(), options)).rejects.toThrow(message);
  await expect(data.writeTable("memory:///m.csv", small(), options)).rejects.toThrow(RangeError);
  expect(await data.exists("memory:///m.csv")).toBe(false);
});

test("a missing value that would be read as something else is unsupported", async () => {
  const frame = pl.DataFrame({ s: ["NA", null], i: [1, 2] });
  const write = (given: Pick<pl.DataFrame, "height">, options = {}) =>
    data.writeTable("memory:///n.csv", given as unknown as Frame, options);
  await expect(write(frame, { nullValue: "NA" })).rejects.toMatchObject(code("unsupported", /"s" holds "NA"/));
  await expect(write(frame, { nullValue: "2.0" })).rejects.toMatchObject(code("unsupported", /"i" holds/));
  await expect(write(frame.select("s"))).rejects.toMatchObject({
    code: "unsupported",
    hint: expect.stringMatching(/nullValue/),
  });
  await write(frame.select("s"), { nullValue: "none" });
  expect(await data.readText("memory:///n.csv")).toBe("s\nNA\nnone\n");
});

test("days and times go through text and back", async () => {
  const frame = (await data.readTable(fixture("pyarrow.parquet"))).select(
    "utc",
    "ns",
    "day",
    "time",
  ) as unknown as Frame;
  const before = exact(frame, { timestamps: "text" });
  for (const name of ["r.csv", "r.jsonl", "r.json"]) {
    await data.writeTable(`memory:///${name}`, frame);
    const back = await data.readTable(`memory:///${name}`, { dates: true });
    expect(exact(back, { timestamps: "text" }), name).toEqual(before);
  }
});

test("empty tables keep their columns, and JSON is one array", async () => {
  for (const name of ["e.csv", "e.parquet", "e.arrow"]) {
    await data.writeTable(`memory:///${name}`, small().head(0));
    const read = await data.readTable(`memory:///${name}`);
    expect([read.height, read.columns]).toEqual([0, ["a", "s"]]);
  }
  for (const rows of [0, 1, 2]) {
    await data.writeTable("memory:///e.json", small().head(rows));
    expect(await data.readJson("memory:///e.json")).toEqual(JSON.parse(JSON.stringify(exact(small().head(rows)))));
  }
});

test("what is no frame is a mistake that says the way to one", async () => {
  const to = "memory:///x.csv";
  for (const [given, message] of [
    [[{ a: 1 }], /pl\.readRecords/],
    [data.readTable(fixture("pandas.parquet")), /await it/],
    [small().lazy(), /collect/],
    ["a,b", /a string/],
    [undefined, /undefined/],
  ] as const)
    await expect(data.writeTable(to, given as never)).rejects.toThrow(message);
  expect(await data.exists(to)).toBe(false);
});

test("a name that says no format is unsupported, and format says it", async () => {
  await expect(data.readTable("memory:///a.xlsx")).rejects.toMatchObject({ code: "unsupported", hint: /guide/ });
  await expect(data.writeTable("memory:///a.dat", small())).rejects.toMatchObject(code("unsupported"));
  await data.writeTable("memory:///a.dat", small(), { format: "parquet" });
  expect((await data.readTable("memory:///a.dat", { format: "parquet" })).height).toBe(2);
  await expect(data.readTable("memory:///a.dat", { format: "csv" })).rejects.toMatchObject({ name: "EntrepotError" });
});

test("folders with patterns and equals signs in their names hold tables like others", async () => {
  const folder = `${await mkdtemp(join(tmpdir(), "entrepot-"))}/a=1/[b]*/`;
  for (const name of ["t.csv", "t.jsonl", "t.parquet", "t.arrow"]) {
    await data.writeTable(folder + name, small());
    expect(exact(await data.readTable(folder + name)), name).toEqual(exact(small()));
  }
});
