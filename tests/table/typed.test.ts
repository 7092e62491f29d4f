/** Parquet and Arrow as others write them: every value of every type, or an error that says why. */
import { readFile } from "node:fs/promises";
import { columns, rows } from "entrepot/table";
import { afterAll, describe, expect, test } from "vitest";
import { code, exact, fixture, memoryDepot } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());

const [first, , last] = [
  {
    i64: 9007199254740993n,
    u64: 18446744073709551615n,
    i8: 1,
    f64: Number.NaN,
    f32: 1.5,
    dec: "12345678901234567890.1234567890",
    ms: "2020-09-13T12:26:40.123",
    utc: "2020-09-13T12:26:40.123456Z",
    york: "2020-09-13T12:26:40.123456Z",
    ns: "2020-09-13T12:26:40.123456789",
    day: new Date("2020-06-01"),
    time: "00:00:01.000000001",
    span: 1_500_000n,
    list: [1, 2, null],
    struct: { a: 1, b: "x" },
    text: 'ünï✓日本😀,"q"\nz',
    bool: true,
    bytes: Uint8Array.of(255, 0),
    kind: "x",
  },
  undefined,
  {
    i64: -9223372036854775808n,
    u64: 0n,
    i8: -128,
    f64: Number.NEGATIVE_INFINITY,
    f32: Math.fround(0.1),
    dec: "-0.0000000001",
    ms: "1970-01-01T00:00:00.000",
    utc: "1969-12-31T23:59:59.999999Z",
    york: "1969-12-31T23:59:59.999999Z",
    ns: "1969-12-31T23:59:59.999999999",
    day: new Date(-62135596800000),
    time: "00:00:00.000000005",
    span: -5_000n,
    list: [],
    struct: { a: null, b: null },
    text: "",
    bool: false,
    bytes: new Uint8Array(0),
    kind: "x",
  },
];

describe.each(["pyarrow.parquet", "pyarrow.feather"])("%s", (name) => {
  const read = (options = {}) => data.readTable(fixture(name), options);

  test("every type, its limits and what is missing", async () => {
    const rows = exact(await read(), { timestamps: "text" });
    expect(rows[0]).toEqual(first);
    expect(Object.values(rows[1] ?? {})).toEqual(Object.keys(first as object).map(() => null));
    expect(rows[2]).toEqual(last);
  });

  test("timestamps as dates, or an error where a date would round them", async () => {
    const frame = await read({ columns: ["ms"] });
    expect(exact(frame)[0]).toEqual({ ms: new Date(1600000000123) });
    const fine = await read({ columns: ["utc"] });
    expect(() => exact(fine)).toThrow(expect.objectContaining(code("unsupported", /finer than/)));
    expect(exact(fine, { timestamps: "nanoseconds" })[0]).toEqual({ utc: 1600000000123456000n });
  });

  test("whole columns are typed arrays where nothing is missing", async () => {
    const frame = await read({ columns: ["i64", "i8"], where: { i64: { ne: null } } });
    const { i64, i8 } = columns(frame);
    expect(i64).toEqual(BigInt64Array.of(9007199254740993n, -9223372036854775808n));
    expect(i8).toEqual(Int8Array.of(1, -128));
    expect(columns(await read({ columns: ["i8"] }))).toEqual({ i8: [1, null, -128] });
  });

  test.each<[where: object, rows: number]>([
    [{ i64: 9007199254740993n }, 1],
    [{ i64: 9007199254740992n }, 0],
    [{ u64: { gte: 18446744073709551615n } }, 1],
    [{ i8: { lt: 1000 } }, 2],
    [{ dec: "-0.0000000001" }, 1],
    [{ dec: { lt: "-0.00000000005" } }, 1],
    [{ utc: { lt: new Date(0) } }, 1],
    [{ utc: "2020-09-13T12:26:40.123456Z" }, 1],
    [{ york: { gt: "2020-09-13T08:26:40.123455-04:00" } }, 1],
    [{ ns: { gt: "2020-09-13T12:26:40.123456788Z" } }, 1],
    [{ day: { lt: new Date("1900-01-01") } }, 1],
    [{ time: { lte: "00:00:00.000000005" } }, 1],
    [{ kind: "x" }, 2],
    [{ list: null }, 1],
    [{ bool: false }, 1],
  ])("rows where %o", async (where, rows) => {
    expect((await read({ columns: ["i8"], where })).height).toBe(rows);
    expect((await read({ where })).height).toBe(rows);
  });

  test("columns become what was asked for where nothing is lost, and an error where something is", async () => {
    expect(exact(await read({ columns: { i8: "int64", f32: "float64", kind: "string" } }))[0]).toEqual({
      i8: 1n,
      f32: 1.5,
      kind: "x",
    });
    await expect(read({ columns: { i64: "int32" } })).rejects.toMatchObject(code("malformed"));
    await expect(read({ columns: { i64: "float64" } })).rejects.toMatchObject(code("unsupported", /would change/));
    expect((await read({ columns: { f64: "float32" } })).height).toBe(3);
  });
});

test("no rows: the columns and their types are there", async () => {
  const whole = await data.readTable(fixture("pyarrow.parquet"));
  const empty = await data.readTable(fixture("empty.parquet"));
  expect([empty.height, empty.columns]).toEqual([0, whole.columns]);
  const none = await data.readTable(fixture("pyarrow.parquet"), { where: { i8: 77 } });
  expect([none.height, none.columns]).toEqual([0, whole.columns]);
});

test("two columns of one name are malformed", async () => {
  await expect(data.readTable(fixture("twice.parquet"))).rejects.toMatchObject(code("malformed", /two columns/));
  await expect(data.readTable(fixture("twice.feather"))).rejects.toMatchObject(code("malformed", /two columns/));
});

test("an Arrow stream, the index of pandas, and what DuckDB writes", async () => {
  expect(exact(await data.readTable(fixture("stream.arrow")))[0]).toMatchObject({ i64: 9007199254740993n });
  expect(exact(await data.readTable(fixture("pandas.parquet")))).toEqual([
    { a: 1n, b: "x", key: "p" },
    { a: 2n, b: null, key: "q" },
  ]);
  const [row] = exact(await data.readTable(fixture("duckdb.parquet")), { timestamps: "text" });
  expect(row).toMatchObject({
    b: 9007199254740993n,
    u: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5),
    st: { a: 1, b: ["x"] },
    tz: "2020-06-01T10:00:00.000000Z",
  });
});

test("a type that polars has none of is unsupported", async () => {
  await expect(data.readTable(fixture("interval.parquet"))).rejects.toMatchObject(code("unsupported", /"i" holds/));
});

describe("row groups", () => {
  const read = (options = {}) => data.readTable(fixture("groups.parquet"), options);
  test("are read in order, by number, and left out by their bounds", async () => {
    const whole = exact(await read());
    expect(whole.map(({ id }) => id)).toEqual(Array.from({ length: 400 }, (_, id) => BigInt(id)));
    expect((await read({ rowGroups: [3, 1] })).height).toBe(200);
    expect(exact(await read({ rowGroups: [3] }))[0]).toEqual({ id: 300n, x: 75, s: "s300" });
    expect((await read({ where: { id: { gte: 250 } } })).height).toBe(150);
    expect((await read({ where: { s: { lt: "s150" } }, columns: ["x"] })).height).toBe(150);
    expect((await read({ where: { x: { in: [0, 99.75] } } })).height).toBe(2);
    expect((await read({ limit: 150 })).height).toBe(150);
    await expect(read({ rowGroups: [4] })).rejects.toThrow(RangeError);
  });
});

describe("a damaged file", () => {
  test.each(["pyarrow.parquet", "pyarrow.feather", "groups.parquet"])(
    "%s, cut at any byte, is an error",
    async (name) => {
      const bytes = await readFile(fixture(name));
      const suffix = name.slice(name.lastIndexOf("."));
      for (let end = 0; end < bytes.length; end += 97) {
        const at = `memory:///cut/${end}${suffix}`;
        await data.writeBytes(at, bytes.subarray(0, end));
        await expect(data.readTable(at)).rejects.toMatchObject({ name: "EntrepotError" });
      }
    },
  );

  test("a byte of a Parquet file changed anywhere ends no process", async () => {
    for (const name of ["pyarrow.parquet", "groups.parquet"]) {
      const bytes = await readFile(fixture(name));
      for (let at = 5; at < bytes.length; at += 61) {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ 0x55;
        const to = `memory:///flip/${at}${name.slice(name.lastIndexOf("."))}`;
        await data.writeBytes(to, damaged);
        const outcome = await data.readTable(to).then(
          () => "read",
          (error: Error) => error.name,
        );
        expect(["read", "EntrepotError"]).toContain(outcome);
      }
    }
  });
});

test("times of whole seconds are what they were, on this disk and elsewhere", async () => {
  await data.writeBytes("memory:///time32.parquet", await readFile(fixture("time32.parquet")));
  for (const from of [fixture("time32.parquet"), "memory:///time32.parquet"]) {
    const times = [
      { s: "00:16:40", ms: "00:00:01" },
      { s: null, ms: null },
      { s: "23:59:59", ms: "23:59:59.999" },
    ];
    expect(exact(await data.readTable(from, { columns: ["s", "ms"] }))).toEqual(times);
    expect(exact(await data.readTable(from, { where: { s: "23:59:59" } as never, columns: ["i"] }))).toEqual([
      { i: 3n },
    ]);
  }
  expect(exact(await data.readTable(fixture("time32-nested.parquet"), { columns: ["i", "n", "s"] }))[0]).toEqual({
    i: 1n,
    n: { t: "00:16:40" },
    s: "00:16:40",
  });
});

test("a zone is not taken away by asking for a timestamp", async () => {
  for (const name of ["pyarrow.parquet", "pyarrow.feather"]) {
    const zoned = data.readTable(fixture(name), { columns: { york: "timestamp" } });
    await expect(zoned).rejects.toMatchObject(
      code("unsupported", /timestamp\(us, America\/New_York\), is no timestamp/),
    );
    expect((await data.readTable(fixture(name), { columns: { i64: "int64", ms: "timestamp" } })).height).toBe(3);
  }
});

test("what is no frame, and an option that there is none of, is a mistake", async () => {
  const frame = await data.readTable(fixture("time32.parquet"));
  for (const given of [[1], undefined, "a"]) {
    expect(() => [...rows(given as never)]).toThrow(TypeError);
    expect(() => columns(given as never)).toThrow(/polars DataFrame/);
  }
  expect(() => [...rows(frame, { timestamp: "text" } as never)]).toThrow(/no option "timestamp"/);
  expect(() => columns(frame, { timestamps: "iso" as never })).toThrow(/"nanoseconds"/);
});
