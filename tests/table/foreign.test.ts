/** Arrow and Parquet that polars alone does not take: missing categories of pandas, zones that are offsets, kinds that it has not. */
import { afterAll, describe, expect, test } from "vitest";
import { code, exact, fixture, memoryDepot, tableOf } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());

describe("categories that pandas left out", () => {
  test("are missing values", async () => {
    const rows = exact(await data.readTable(fixture("missing-categories.feather")));
    expect(rows).toHaveLength(1000);
    expect(rows.slice(996)).toEqual([
      { c: "a", o: "x", i: 996n },
      { c: null, o: "y", i: 997n },
      { c: "b", o: null, i: 998n },
      { c: null, o: "x", i: 999n },
    ]);
  });

  test("are missing whichever columns and rows are asked for", async () => {
    const read = (options: object) => data.readTable(fixture("missing-categories.feather"), options);
    expect(exact(await read({ columns: ["i", "c"], limit: 2 }))).toEqual([
      { i: 0n, c: "a" },
      { i: 1n, c: null },
    ]);
    expect((await read({ columns: ["i"], where: { c: "b" } })).height).toBe(250);
  });

  test("are missing in streams and in lists, too", async () => {
    const stream = exact(await data.readTable(fixture("missing-categories.arrows")));
    expect(stream.map(({ c }) => c)).toEqual(["a", null, "b", null]);
    const nested = exact(await data.readTable(fixture("missing-categories-nested.feather")));
    expect(nested).toEqual([
      { l: ["p"], i: 1n },
      { l: [null, "q"], i: 2n },
    ]);
  });

  test("are unsupported where they are compressed with what this Node does not read", async () => {
    const read = data.readTable(fixture("missing-categories-zstd.feather"));
    if ("zstdDecompressSync" in (await import("node:zlib"))) expect((await read).height).toBe(4);
    else await expect(read).rejects.toMatchObject(code("unsupported", /zstd/));
  });
});

describe.each(["offsets.parquet", "offsets.feather", "offsets.arrows"])("%s", (name) => {
  test("instants at an offset of half hours are instants in UTC, other zones stay", async () => {
    const frame = await data.readTable(fixture(name));
    expect(exact(frame, { timestamps: "text" })).toEqual([
      { t: "2024-01-31T08:15:00.123456Z", l: ["2024-01-31T08:15:00.000Z"], b: "1970-01-01T00:00:00.000Z" },
      { t: null, l: [], b: "1970-01-01T00:00:01.000Z" },
    ]);
    expect(String(frame.getColumn("b").dtype)).toContain("Europe/Berlin");
  });

  test("a condition on them and other columns alone are read", async () => {
    const where = { t: { gt: new Date("2024-01-31T08:15:00Z") } };
    expect((await data.readTable(fixture(name), { where })).height).toBe(1);
    expect((await data.readTable(fixture(name), { columns: ["b"] })).columns).toEqual(["b"]);
  });
});

describe("kinds that polars has not", () => {
  test.each([
    ["decimal256.feather", /column "x" of .* holds decimals of 256 bits/],
    ["interval.feather", /column "x" of .* holds intervals/],
    ["run-ends.feather", /column "x" of .* holds run-end encoded values/],
    ["union.feather", /column "x" of .* holds a union/],
    ["list-view.feather", /column "x" of .* holds list views/],
    ["decimal256.parquet", /column "x" holds decimals of 50 digits/],
  ])("%s is unsupported, naming the column", async (name, message) => {
    await expect(data.readTable(fixture(`unknown-${name}`))).rejects.toMatchObject(code("unsupported", message));
  });

  test("list views in Parquet are lists", async () => {
    expect(exact(await data.readTable(fixture("unknown-list-view.parquet")))).toEqual([{ i: 1n, x: [1n] }]);
  });
});

describe("floats of 16 bits", () => {
  test.each([["half.parquet"], ["half.feather"]])("of %s are floats of 32 bits with the same values", async (name) => {
    const frame = await data.readTable(fixture(name), { where: { h: { gt: 2 } } });
    expect(frame.dtypes.map(String)).toEqual(["DataType(Float32)", "DataType(Int64)"]);
    expect(exact(frame)).toEqual([
      { h: 2.5, i: 2n },
      { h: 65504, i: 3n },
    ]);
  });
  test("in lists are so, too", async () => {
    const frame = await data.readTable(fixture("halflist.parquet"));
    expect(String(frame.dtypes[0])).toMatch(/List.*Float32/);
    expect(exact(frame)).toEqual([{ l: [1] }, { l: null }]);
  });
});

test.each(["mars.parquet", "mars.feather"])(
  "a zone that is none is unsupported, naming column and zone: %s",
  async (name) => {
    await expect(data.readTable(fixture(name))).rejects.toMatchObject(
      code("unsupported", /column "t" of .*"Mars\/Olympus"/),
    );
    await expect(data.readTable(fixture(name), { columns: ["i"], limit: 1 })).rejects.toMatchObject(
      code("unsupported"),
    );
  },
);

describe("CSV as others write numbers", () => {
  test.each([
    ["a\n1.5\nInfinity\n-Infinity\nnan\n", [1.5, Infinity, -Infinity, Number.NaN]],
    ["a\n1\n\n-Inf\n", [1, -Infinity]],
    ["a\n-nan\n2e3\n", [Number.NaN, 2000]],
  ])("%j is a column of numbers", async (text, numbers) => {
    expect((await tableOf(data, "csv", text)).map(({ a }) => a)).toEqual(numbers);
  });

  test("they are found where they decide which rows are read, and however late they show", async () => {
    const text = `b,a\nz,Infinity\n${"y,1.25\n".repeat(12_000)}x,-Infinity\n`;
    expect(await tableOf(data, "csv", text, { columns: ["b"], where: { a: { gt: 2 } } })).toEqual([{ b: "z" }]);
  });

  test("with decimal commas", async () => {
    const rows = await tableOf(data, "csv", "a;b\n1,5;x\nnan;y\n", { decimal: ",", delimiter: ";" });
    expect(rows.map(({ a }) => a)).toEqual([1.5, Number.NaN]);
  });

  test.each([
    ["a\nnan\ninf\nNan\n", ["nan", "inf", "Nan"]],
    ["a\n+49301234567\n+441234\n", ["+49301234567", "+441234"]],
    ["a\n1\nInfinity\nfoo\n", ["1", "Infinity", "foo"]],
  ])("%j stays text", async (text, texts) => {
    expect((await tableOf(data, "csv", text)).map(({ a }) => a)).toEqual(texts);
  });
});

test.each([
  ['a\n"1,000"\n', /no int64$/, /nullValues.*types/],
  ['a\n"1"x\n2\n', /no int64$/, /quote is not closed/],
  ["a\nx\n", /no int64$/, /nullValues.*types/],
])("of the cell in %j the error names the type that was asked for, and the way out", async (text, message, hint) => {
  const read = tableOf(data, "csv", text, { types: { a: "int64" } });
  await expect(read).rejects.toMatchObject({ ...code("malformed", message), hint: expect.stringMatching(hint) });
});
