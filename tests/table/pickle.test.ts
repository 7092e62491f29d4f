/** Pickled pandas frames as tables, and tables as pickled frames: those of the fixtures, and those of every Python in `PICKLE_PYTHONS`. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ColumnChoice, Frame, TableFormat, TableReadOptions } from "entrepot";
import pl from "nodejs-polars";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { code, exact, memoryDepot } from "./world.ts";

const data = memoryDepot();
const fixtures = ["1.0", "1.5", "2.1", "2.3", "3.1", "3.1-without-pyarrow"] as const;
type Options = TableReadOptions<TableFormat, ColumnChoice, "throw">;

function pickled(pandas: string, name: string): Uint8Array {
  const file = fileURLToPath(new URL(`../fixtures/pickles/pandas-${pandas}.jsonl`, import.meta.url));
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const cases = lines.map((line) => JSON.parse(line) as { name: string; pickles: Record<string, string> });
  const found = cases.find((each) => each.name === name)?.pickles ?? {};
  return Buffer.from(Object.values(found).at(-1) ?? "", "base64");
}

async function tableOf(bytes: Uint8Array, options: Options = {}): Promise<Frame> {
  await data.writeBytes("memory:///t/a.pkl", bytes);
  return data.readTable("memory:///t/a.pkl", options as { format?: "pickle" });
}

describe.each(fixtures)("a frame of pandas %s", (pandas) => {
  test("is a table with its index as columns behind the others", async () => {
    const table = await tableOf(pickled(pandas, "df multi index"));
    expect(table.columns).toEqual(["f", "i", "s"]);
    expect(exact(table)).toEqual([
      { f: 1.5, i: 1n, s: "a" },
      { f: Number.NaN, i: 2n, s: "ü✓" },
      { f: 3, i: 3n, s: null },
    ]);
  });

  test("has its instants in their zone, and its categories", async () => {
    const days = await tableOf(pickled(pandas, "df regular times"));
    expect(String(days.dtypes[1])).toMatch(/Europe\/Vienna/);
    expect(exact(days, { timestamps: "text" })[1]).toMatchObject({
      v: 2,
      day: expect.stringMatching(/^2020-01-01T23:00:00\.0+Z$/),
    });
    const categories = await tableOf(pickled(pandas, "df categories as index"));
    expect(exact(categories).map((row) => row["__index_level_0__"])).toEqual(["u", "v"]);
  });

  test("can be asked for columns, rows and how many of them", async () => {
    const bytes = pickled(pandas, "df multi index");
    const some = { columns: ["s", "i"], where: { i: { gte: 2 } }, limit: 1 } as const;
    expect(exact(await tableOf(bytes, some))).toEqual([{ s: "ü✓", i: 2n }]);
    expect(exact(await tableOf(bytes, { columns: { i: "string" } }))).toEqual([{ i: "1" }, { i: "2" }, { i: "3" }]);
    await expect(tableOf(bytes, { columns: ["x"] })).rejects.toMatchObject(code("malformed", /no column "x"/));
  });

  test("whose objects are of several kinds is an error that names the column, and the others can be read", async () => {
    const bytes = pickled(pandas, "df long");
    await expect(tableOf(bytes)).rejects.toMatchObject(code("unsupported", /"objects".*several kinds/));
    const { columns } = await tableOf(bytes, { columns: ["whole"] });
    expect(columns).toEqual(["whole"]);
  });

  test.each(["df empty", "df nothing", "df no columns"])("without rows is one, too: %s", async (name) => {
    expect((await tableOf(pickled(pandas, name))).height).toBe(0);
  });
});

const odd: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(fileURLToPath(new URL("../fixtures/odd-columns.json", import.meta.url)), "utf8"),
);

test.each(Object.entries(odd))(
  "a frame of pandas %s with one odd column is read without it, and the error names class and column",
  async (_, pickles) => {
    const bytes = (name: string) => Buffer.from(pickles[name] ?? "", "base64");
    for (const name of ["period", "interval", "sparse", "complex", "fraction", "periods as objects", "cut"]) {
      expect(exact(await tableOf(bytes(name), { columns: ["a"] }))).toEqual([{ a: 1n }, { a: 2n }]);
      const whole = tableOf(bytes(name));
      await expect(whole).rejects.toMatchObject(
        code("unsupported", /column "p" of .*(Array|complex|Fraction|Period|Interval)/),
      );
      await expect(whole).rejects.toMatchObject({ hint: expect.stringContaining("{ columns }") });
    }
    for (const name of ["period index", "interval index"]) {
      expect(exact(await tableOf(bytes(name), { columns: ["a"] }))).toEqual([{ a: 1n }, { a: 2n }]);
      await expect(tableOf(bytes(name))).rejects.toMatchObject(code("unsupported", /__index_level_0__.*Index/));
    }
    await expect(tableOf(bytes("series"))).rejects.toMatchObject(code("unsupported", /column "p"/));
  },
);

test("what is no frame is an error that says where it goes instead", async () => {
  await expect(tableOf(pickled("3.1", "timestamps"))).rejects.toMatchObject({
    code: "unsupported",
    hint: expect.stringContaining("readPickle"),
  });
  await expect(tableOf(pickled("3.1", "df duplicate names"))).rejects.toMatchObject(code("unsupported", /two columns/));
  await expect(tableOf(Buffer.from("no pickle"))).rejects.toMatchObject(code("malformed"));
});

test("many pickles and other files are one table, and a pickle is written compressed and in parts", async () => {
  const frame = pl.DataFrame({ part: ["a", "b"], n: pl.Series("n", [1, 2], pl.Int64) });
  await data.writeTable("memory:///m/1.pkl.gz", frame);
  await data.writeTable("memory:///m/2.csv", frame.select("n"));
  expect(exact(await data.readTable("memory:///m/"))).toEqual([
    { part: "a", n: 1n },
    { part: "b", n: 2n },
    { part: null, n: 1n },
    { part: null, n: 2n },
  ]);
  const { files } = await data.writeTable("memory:///p/", frame, { format: "pickle", partitionBy: ["part"] });
  expect(files.map(({ uri }) => uri)).toEqual(["memory:///p/part=a/part-0.pickle", "memory:///p/part=b/part-0.pickle"]);
  expect(exact(await data.readTable("memory:///p/"))).toEqual([
    { n: 1n, part: "a" },
    { n: 2n, part: "b" },
  ]);
});

/** Every kind of column that a pickle holds. */
function everything(): Frame {
  const series = (name: string, values: unknown[], type: pl.DataType) => pl.Series(name, values as string[]).cast(type);
  const frame = pl.DataFrame([
    series("i8", ["1", "-2"], pl.Int8),
    series("i64", ["9007199254740993", null as never], pl.Int64),
    series("u64", ["18446744073709551615", "0"], pl.UInt64),
    series("f32", ["0.5", null as never], pl.Float32),
    pl.Series("f64", [0.1, Number.NaN]),
    pl.Series("b", [true, null]),
    pl.Series("s", ["a longer text than twelve", null]),
    series("cat", ["x", null as never], pl.Categorical),
    series("dec", ["1.10", "-2"], pl.Decimal(10, 2)),
  ]);
  return frame.withColumns(
    pl.lit("2020-01-02").str.strptime(pl.Date).alias("day"),
    pl.lit("1577934245000000").cast(pl.Int64).cast(pl.Datetime("us")).alias("at"),
    pl.lit("1577930645000000000").cast(pl.Int64).cast(pl.Datetime("ns", "Europe/Vienna")).alias("zone"),
    pl.lit("3723000001").cast(pl.Int64).cast(pl.Duration("us")).alias("took"),
    pl.lit("11045000006000").cast(pl.Int64).cast(pl.Time).alias("clock"),
    pl.lit(null).alias("none"),
  ) as unknown as Frame;
}

test("a table comes back from its pickle with its types and every value", async () => {
  const frame = everything();
  await data.writeTable("memory:///w/all.pkl", frame);
  const back = await data.readTable("memory:///w/all.pkl");
  expect(exact(back, { timestamps: "text" })).toEqual(exact(frame, { timestamps: "text" }));
  const changed = frame.dtypes.map((type, at) => [frame.columns[at], String(type), String(back.dtypes[at])]);
  expect(changed.filter(([, before, after]) => before !== after).map(([name]) => name)).toEqual(["dec"]);
});

test("what Python has no equal of is not written", async () => {
  const nanos = pl.DataFrame({ a: ["1"] }).select(pl.col("a").cast(pl.Int64).cast(pl.Time)) as unknown as Frame;
  await expect(data.writeTable("memory:///w/t.pkl", nanos)).rejects.toMatchObject(
    code("unsupported", /finer than microseconds/),
  );
  const least = pl
    .DataFrame({ a: ["-9223372036854775808"] })
    .select(pl.col("a").cast(pl.Int64).cast(pl.Datetime("us"))) as unknown as Frame;
  await expect(data.writeTable("memory:///w/t.pkl", least)).rejects.toMatchObject(code("unsupported", /the least/));
});

const pythons = (process.env["PICKLE_PYTHONS"]?.split(":") ?? ["python3"]).filter((python) => {
  try {
    execFileSync(python, ["-c", "import pandas"], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
});
if (pythons.length === 0) console.warn("SKIPPED: no Python with pandas to exchange tables with; set PICKLE_PYTHONS");

describe.skipIf(pythons.length === 0).each(pythons)("the pandas of %s", (python) => {
  const script = fileURLToPath(new URL("frames.py", import.meta.url));
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "entrepot-frames-"));
    execFileSync(python, [script, "make", folder]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("gives frames of all its types that are read without loss", async () => {
    const frame = await data.readTable(path.join(folder, "all.pkl.gz"));
    const [first, second] = exact(frame, { timestamps: "text" });
    const at = expect.stringMatching(/^2020-01-02T03:04:05\.678901(?:000)?Z?$/);
    expect(first).toEqual({
      ...{ i8: 1, u16: 1, i64: 2n ** 53n + 1n, u64: 2n ** 64n - 1n, f32: 0.5, f64: 0.1, b: true },
      ...{ Int64: 2n ** 53n + 1n, UInt8: 255, boolean: true, string: "ü✓", texts: "a", gaps: "a" },
      ...{ when: at, utc: at, zone: at, took: 1_500_000_000n, cat: "x", ints: 7n },
      ...{ day: new Date("2020-01-02"), clock: "03:04:05.000006", dec: "1.10", bytes: Uint8Array.of(0, 255) },
      ...{ lists: [1n, 2n], dicts: { a: 1n }, none: null },
    });
    expect(second).toEqual({
      ...{ i8: -2, u16: 65535, i64: -(2n ** 63n), u64: 0n, f32: Number.NaN, f64: Number.POSITIVE_INFINITY, b: false },
      ...{ Int64: null, UInt8: null, boolean: null, string: null, texts: "", gaps: null },
      ...{ when: null, utc: null, zone: null, took: null, cat: null, ints: 7n },
      ...{ day: null, clock: null, dec: "-2.00", bytes: null, lists: [], dicts: { a: null }, none: null },
    });
    expect(exact(await data.readTable(path.join(folder, "multi.pkl")))).toEqual([
      { v: 1.5, k: "a", __index_level_1__: 1n },
      { v: 2.5, k: "b", __index_level_1__: 2n },
    ]);
    expect(exact(await data.readTable(path.join(folder, "series.pkl")))[1]).toEqual({ n: 2n, __index_level_0__: 6n });
    const empty = await data.readTable(path.join(folder, "empty.pkl"));
    expect([empty.height, empty.columns]).toEqual([0, ["i", "c"]]);
  });

  test("reads what was written as what it was", async () => {
    const file = path.join(folder, "ours.pkl");
    await data.writeTable(file, everything());
    const shown = JSON.parse(execFileSync(python, [script, "show", file], { encoding: "utf8" }));
    const isOld = /^1\./.test(shown.pandas);
    const isNew = /^[3-9]/.test(shown.pandas);
    expect(shown.index).toBe("RangeIndex(start=0, stop=2, step=1)");
    expect(shown.columns).toEqual({
      i8: ["int8", ["1", "-2"]],
      i64: ["Int64", ["9007199254740993", null]],
      u64: ["uint64", ["18446744073709551615", "0"]],
      f32: ["Float32", ["0.5", null]],
      f64: ["float64", ["0.1", "nan"]],
      b: ["boolean", ["True", null]],
      s: isNew
        ? ["str", ["a longer text than twelve", "nan"]]
        : ["object", ["a longer text than twelve", expect.toBeOneOf(["nan", null])]],
      cat: ["category", ["x", "nan"]],
      dec: ["object", ["1.10", "-2.00"]],
      day: ["object", ["2020-01-02", "2020-01-02"]],
      at: [isOld ? "datetime64[ns]" : "datetime64[us]", ["2020-01-02 03:04:05", "2020-01-02 03:04:05"]],
      zone: ["datetime64[ns, Europe/Vienna]", ["2020-01-02 03:04:05+01:00", "2020-01-02 03:04:05+01:00"]],
      took: [isOld ? "timedelta64[ns]" : "timedelta64[us]", ["0 days 01:02:03.000001", "0 days 01:02:03.000001"]],
      clock: ["object", ["03:04:05.000006", "03:04:05.000006"]],
      none: ["object", [null, null]],
    });
    await data.writeTable(
      file,
      await data.readTable(path.join(folder, "all.pkl"), { columns: ["bytes", "lists", "dicts"] }),
    );
    const again = JSON.parse(execFileSync(python, [script, "show", file], { encoding: "utf8" }));
    expect(again.columns).toEqual({
      bytes: ["object", ["b'\\x00\\xff'", null]],
      lists: ["object", ["[1, 2]", "[]"]],
      dicts: ["object", ["{'a': 1}", "{'a': None}"]],
    });
  });
});

test("a pickle is read within the limits that are given", async () => {
  await data.writeTable("memory:///t/long.pkl", pl.DataFrame({ a: ["x".repeat(50_000)] }));
  const read = (maxBytes: number) => data.readTable("memory:///t/long.pkl", { limits: { maxBytes } });
  await expect(read(10_000)).rejects.toMatchObject(code("limit-exceeded"));
  expect((await read(1_000_000)).height).toBe(1);
});
