/** Many files as one table: which columns, of which types, from where, and only what is new. */
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DepotEvent, entrepot, type Frame } from "entrepot";
import pl from "nodejs-polars";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, openS3 } from "../depot/backends.ts";
import { code, exact, memoryDepot } from "./world.ts";

const data = memoryDepot();
const put = (files: Readonly<Record<string, string>>) =>
  Promise.all(Object.entries(files).map(([name, text]) => data.writeText(`memory:///${name}`, text)));
let folder = "";
beforeEach(() => {
  folder = `m${Math.random()}`;
});

describe("the union of columns", () => {
  test("a column that a file lacks is missing in its rows, in the order of the files", async () => {
    await put({
      [`${folder}/1.csv`]: "a,b\n1,x\n",
      [`${folder}/2.jsonl`]: '{"c":true,"a":2}\n',
      [`${folder}/3.csv`]: "a\n",
    });
    const expected = [
      { a: 1n, b: "x", c: null },
      { a: 2n, b: null, c: true },
    ];
    for (const from of [`memory:///${folder}/`, data.glob(`memory:///${folder}/*`), data.list(`memory:///${folder}/`)])
      expect(exact(await data.readTable(from))).toEqual(expected);
    const list = [`memory:///${folder}/2.jsonl`, `memory:///${folder}/1.csv`];
    expect(exact(await data.readTable(list, { columns: ["b", "a"] }))).toEqual([
      { b: null, a: 2n },
      { b: "x", a: 1n },
    ]);
  });

  test.each<[one: string, two: string, rows: unknown]>([
    ["a\n1\n", "a\n1.5\n", [{ a: 1 }, { a: 1.5 }]],
    ["a\n1\n", "a\n\n", [{ a: 1n }]],
    [
      "a,b\n,x\n",
      "a,b\n2,\n",
      [
        { a: null, b: "x" },
        { a: 2n, b: null },
      ],
    ],
  ])("%j and %j", async (one, two, rows) => {
    await put({ [`${folder}/1.csv`]: one, [`${folder}/2.csv`]: two });
    expect(exact(await data.readTable(`memory:///${folder}/`))).toEqual(rows);
  });

  test("kinds that nothing holds together are malformed and say where; text holds both", async () => {
    await put({ [`${folder}/1.csv`]: "a\n1\n", [`${folder}/2.csv`]: "a\nx\n" });
    const read = (options = {}) => data.readTable(`memory:///${folder}/`, options);
    await expect(read()).rejects.toMatchObject(code("malformed", /int64 in .*1\.csv and string in .*2\.csv/));
    expect(exact(await read({ columns: { a: "string" } }))).toEqual([{ a: "1" }, { a: "x" }]);
    await put({ [`${folder}/2.csv`]: "a\n9007199254740993\n", [`${folder}/1.csv`]: "a\n0.5\n" });
    await expect(read()).rejects.toMatchObject(code("unsupported", /would change/));
  });

  test("nested values are joined field by field", async () => {
    await put({ [`${folder}/1.jsonl`]: '{"s":{"a":1}}\n', [`${folder}/2.jsonl`]: '{"s":{"b":"x"}}\n' });
    expect(exact(await data.readTable(`memory:///${folder}/`))).toEqual([
      { s: { a: 1n, b: null } },
      { s: { a: null, b: "x" } },
    ]);
  });

  test("conditions, limits and the source of each row", async () => {
    await put({ [`${folder}/1.csv`]: "a,b\n1,x\n2,y\n", [`${folder}/2.csv`]: "a\n3\n" });
    const read = (options = {}) => data.readTable(`memory:///${folder}/`, options);
    expect(exact(await read({ where: { a: { gte: 2 } }, columns: ["a"] }))).toEqual([{ a: 2n }, { a: 3n }]);
    expect(exact(await read({ where: { b: null }, columns: ["a"] }))).toEqual([{ a: 3n }]);
    expect(exact(await read({ limit: 2, columns: ["a"] }))).toEqual([{ a: 1n }, { a: 2n }]);
    const sourced = exact(await read({ sourceColumn: "file", columns: ["a", "file"] }));
    expect(sourced.map(({ file }) => String(file).slice(-5))).toEqual(["1.csv", "1.csv", "2.csv"]);
    expect((await read({ where: { file: `memory:///${folder}/2.csv` }, sourceColumn: "file" })).height).toBe(1);
    await expect(read({ columns: ["zz"] })).rejects.toMatchObject(code("malformed", /none of the files/));
  });

  test("one address is the one-file case of many", async () => {
    await put({ [`${folder}/1.csv`]: "a,b\n1,x\n", [`${folder}/2.jsonl`]: '{"a":1}\n' });
    const from = `memory:///${folder}/1.csv`;
    for (const address of [from, [from]]) {
      const read = async (options = {}) => exact(await data.readTable(address, { sourceColumn: "f", ...options }));
      expect(await read()).toEqual([{ a: 1n, b: "x", f: from }]);
      expect(await read({ columns: ["f", "a"] })).toEqual([{ f: from, a: 1n }]);
      expect(await read({ columns: ["f"] })).toEqual([{ f: from }]);
      expect(await read({ where: { f: "else" } })).toEqual([]);
      expect(await read({ where: { f: from, a: 1 } })).toHaveLength(1);
      await expect(read({ sourceColumn: "b" })).rejects.toThrow(/"b" of its own/);
      await expect(read({ sourceColumn: "b" })).rejects.toThrow(TypeError);
    }
    await expect(data.readTable(from, { incremental: "/nowhere" })).rejects.toThrow(TypeError);
    await put({ [`${folder}/p/k=1/1.csv`]: "a\n1\n" });
    await expect(data.readTable(`memory:///${folder}/p/`, { sourceColumn: "k" })).rejects.toThrow(TypeError);
  });

  test("no file is not-found; what begins with _ or . in a folder is no part of the table", async () => {
    await expect(data.readTable(`memory:///${folder}/`)).rejects.toMatchObject({ code: "not-found" });
    expect(await data.readTable(`memory:///${folder}/`, { onError: "allow-missing" })).toBeUndefined();
    await put({ [`${folder}/_SUCCESS`]: "", [`${folder}/.x/1.csv`]: "z\n1\n", [`${folder}/1.csv`]: "a\n1\n" });
    expect((await data.readTable(`memory:///${folder}/`)).columns).toEqual(["a"]);
  });
});

describe("partitions", () => {
  const frame = () =>
    pl
      .readRecords([
        { year: 2023, kind: "a/b", x: 1 },
        { year: 2024, kind: "ü=%", x: 2 },
        { year: 2024, kind: null, x: 3 },
      ] as never[])
      .withColumns(pl.col("year").cast(pl.Int64));

  test("are written as folders and read as columns", async () => {
    const written = await data.writeTable(`memory:///${folder}/`, frame(), { partitionBy: ["year", "kind"] });
    expect(written.files.map(({ uri }) => uri.split(folder)[1])).toEqual([
      "/year=2023/kind=a%2Fb/part-0.parquet",
      "/year=2024/kind=ü%3D%25/part-0.parquet",
      "/year=2024/kind=__HIVE_DEFAULT_PARTITION__/part-0.parquet",
    ]);
    const back = exact(await data.readTable(`memory:///${folder}/`, { columns: ["year", "kind", "x"] }));
    expect(back.sort((a, b) => Number(a["x"]) - Number(b["x"]))).toEqual(exact(frame()));
    await data.writeTable(`memory:///${folder}c/`, frame(), { partitionBy: ["year"], format: "csv", compress: "gzip" });
    expect(exact(await data.readTable(`memory:///${folder}c/`, { where: { year: 2023 } }))).toEqual([
      { kind: "a/b", x: 1, year: 2023n },
    ]);
  });

  test("texts that are not written as numbers are stay texts, and partitions: false leaves them out", async () => {
    await put({ [`${folder}/m=01/1.csv`]: "a\n1\n", [`${folder}/m=10/1.csv`]: "a\n2\n" });
    const read = (options = {}) => data.readTable(`memory:///${folder}/`, options);
    expect(exact(await read())).toEqual([
      { a: 1n, m: "01" },
      { a: 2n, m: "10" },
    ]);
    expect(exact(await read({ columns: { a: "int64", m: "int64" } }))).toEqual([
      { a: 1n, m: 1n },
      { a: 2n, m: 10n },
    ]);
    expect((await read({ partitions: false })).columns).toEqual(["a"]);
    expect((await read({ where: { m: "77" } })).columns).toEqual(["a", "m"]);
  });

  test("the folder's column wins over the file's, for rows, conditions and columns alike", async () => {
    await put({ [`${folder}/a=1/1.csv`]: "a,b\n7,x\n", [`${folder}/a=2/1.csv`]: "b\ny\n" });
    const read = async (options = {}) => exact(await data.readTable(`memory:///${folder}/`, options));
    expect(await read()).toEqual([
      { a: 1n, b: "x" },
      { a: 2n, b: "y" },
    ]);
    expect(await read({ columns: ["a"] })).toEqual([{ a: 1n }, { a: 2n }]);
    expect(await read({ where: { a: 1 } })).toEqual([{ a: 1n, b: "x" }]);
    expect(await read({ where: { a: 7 } })).toEqual([]);
  });

  test("booleans come back as booleans, and decide which files are read", async () => {
    const flags = pl.DataFrame({ on: [true, false, null], x: [1, 2, 3] });
    await data.writeTable(`memory:///${folder}/`, flags as unknown as Frame, { partitionBy: ["on"] });
    const read = async (options = {}) => exact(await data.readTable(`memory:///${folder}/`, options));
    expect((await read({ columns: ["x", "on"] })).sort((a, b) => Number(a["x"]) - Number(b["x"]))).toEqual(
      exact(flags.select("x", "on") as unknown as Frame),
    );
    expect(await read({ where: { on: true }, columns: ["x"] })).toEqual([{ x: 1 }]);
    expect(await read({ where: { on: { in: [false, null] } }, columns: ["x"] })).toHaveLength(2);
    expect(await read({ where: { on: { lt: true } }, columns: ["x"] })).toEqual([{ x: 2 }]);
  });

  test("a column without exact texts cannot name folders", async () => {
    const floats = pl.DataFrame({ f: [1.5], x: [1] });
    await expect(data.writeTable(`memory:///${folder}/`, floats, { partitionBy: ["f"] })).rejects.toMatchObject(
      code("unsupported", /float64/),
    );
    for (const partitionBy of [[], ["f", "x"]])
      await expect(data.writeTable(`memory:///${folder}/`, floats, { partitionBy })).rejects.toThrow(TypeError);
  });
});

describe("over a socket", () => {
  let bench: Bench;
  let keys: string[] = [];
  beforeEach(async () => {
    bench = await openS3(false);
    keys = [];
  });
  afterEach(() => bench.close());
  const depot = () =>
    entrepot({
      ...bench.s3?.options,
      cache: false,
      env: {},
      envFile: false,
      onEvent: (event: DepotEvent) => event.type === "request" && keys.push(event.uri ?? ""),
    } as never);

  test("a condition on a partition fetches only the files that it leaves", async () => {
    for (const year of [2022, 2023, 2024]) await bench.data.writeText(`s3://b/p/year=${year}/1.csv`, `x\n${year}\n`);
    const remote = depot();
    expect(exact(await remote.readTable("s3://b/p/", { where: { year: { gte: 2024 } } }))).toEqual([
      { x: 2024n, year: 2024n },
    ]);
    expect(keys.filter((uri) => uri.includes("year="))).toEqual(["s3://b/p/year=2024/1.csv"]);
    await remote.close();
  });

  test("incremental reads only what is new or changed, and forgets what is gone", async () => {
    const kept = await mkdtemp(join(tmpdir(), "entrepot-"));
    const write = (name: string, text: string) => bench.data.writeText(`s3://b/i/${name}`, text);
    await write("1.csv", "a\n1\n");
    await write("2.csv", "a\n2\n");
    const remote = depot();
    const read = async (options = {}) => {
      keys = [];
      const rows = exact(await remote.readTable("s3://b/i/", { incremental: kept, sourceColumn: "f", ...options }));
      return {
        rows: rows.map(({ a }) => a),
        fetched: keys.filter((uri) => uri.endsWith(".csv")).map((uri) => uri.slice(-5)),
      };
    };
    expect(await read()).toEqual({ rows: [1n, 2n], fetched: ["1.csv", "2.csv"] });
    expect(await read()).toEqual({ rows: [1n, 2n], fetched: [] });
    await write("3.csv", "a,b\n3,x\n");
    await write("1.csv", "a\n10\n");
    expect(await read()).toEqual({ rows: [10n, 2n, 3n], fetched: ["1.csv", "3.csv"] });
    await bench.data.remove("s3://b/i/2.csv");
    expect(await read({ limit: 1 })).toEqual({ rows: [10n], fetched: [] });
    expect(await read()).toEqual({ rows: [10n, 3n], fetched: [] });
    // another question is another table
    expect((await read({ where: { a: 3 } })).fetched).toEqual(["1.csv", "3.csv"]);
    // one for those with the same columns
    expect((await readdir(kept)).filter((name) => name.endsWith(".arrow"))).toHaveLength(2);
    await remote.close();
  });
});
