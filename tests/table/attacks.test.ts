/** Tables that were made to break a reader or a writer: each is read right, or an error says what it is. */
import { renameSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { columns } from "entrepot/table";
import pl from "nodejs-polars";
import { afterAll, describe, expect, test, vi } from "vitest";
import { code, exact, memoryDepot, tableOf } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());

test("categories that lie in several parts, each with its own list, come out as their texts", async () => {
  const part = (texts: string[]) => pl.DataFrame({ c: pl.Series("c", texts).cast(pl.Categorical) });
  await data.writeTable("memory:///parts/1.parquet", part(["a", "b"]));
  await data.writeTable("memory:///parts/2.parquet", part(["c", "a"]));
  const frame = await data.readTable("memory:///parts/");
  expect(exact(frame).map(({ c }) => c)).toEqual(["a", "b", "c", "a"]);
  expect(columns(frame)).toEqual({ c: ["a", "b", "c", "a"] });
});

describe("a file of this disk that is replaced while polars reads it by its path", () => {
  const disk = entrepot({ cache: false, env: {}, envFile: false }) as Depot;
  afterAll(() => disk.close());

  test.each([
    ["csv", "scanCSV", 2],
    ["jsonl", "scanJson", 1],
    ["parquet", "scanParquet", 2],
    ["arrow", "scanIPC", 2],
    ["parquet", "scanParquet", 1],
  ] as const)("is changed, whatever was read: %s by %s, call %i", async (suffix, scan, at) => {
    const folder = await mkdtemp(join(tmpdir(), "entrepot-"));
    const [path, next] = [join(folder, `t.${suffix}`), join(folder, `next.${suffix}`)];
    const options = suffix === "parquet" ? { rowGroupRows: 2 } : {};
    for (const [name, a] of [
      [path, [1, 2, 3, 4]],
      [next, [5, 6, 7, 8]],
    ] as const)
      await disk.writeTable(name, pl.DataFrame({ a, b: a }), options as object);
    let calls = 0;
    const real = pl[scan] as (...given: unknown[]) => unknown;
    const spy = vi.spyOn(pl, scan).mockImplementation(((...given: unknown[]) => {
      calls += 1;
      if (calls === at) renameSync(next, path);
      return real(...given);
    }) as never);
    await expect(disk.readTable(path)).rejects.toMatchObject(code("changed"));
    spy.mockRestore();
    expect(calls).toBeGreaterThanOrEqual(at);
    expect(exact(await disk.readTable(path)).map(({ a }) => Number(a))).toEqual([5, 6, 7, 8]);
  });
});

const lists = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
test.each([
  ["lists", lists(64), lists(63)],
  ["objects", objects(65), objects(64)],
])(
  "%s that lie too deep in each other are an error that names the line, and not the end of the process",
  async (_, deep, fine) => {
    const error = code("unsupported", /64 levels deep, line 2$/);
    await expect(tableOf(data, "jsonl", `{"b":1}\n${deep}\n`)).rejects.toMatchObject(error);
    await expect(tableOf(data, "json", `[{"b":1},${deep}]`)).rejects.toMatchObject(error);
    expect(await tableOf(data, "jsonl", `${fine}\n`)).toHaveLength(1);
    // polars must not see them: of a large file it looks at the first lines by themselves
    const large = '{"b":1,"a":[1]}\n'.repeat(600_000);
    const scan = vi.spyOn(pl, "scanJson");
    await expect(tableOf(data, "jsonl", `${deep}\n${large}`)).rejects.toMatchObject(code("unsupported", /line 1$/));
    await expect(tableOf(data, "jsonl", `${large}${deep}`)).rejects.toMatchObject(code("unsupported", /line 600001$/));
    expect(scan).toHaveBeenCalledTimes(1);
    scan.mockRestore();
  },
);

describe("what JSON cannot hold is said before anything is written", () => {
  const lists = (cells: number[][]) => pl.DataFrame({ a: pl.Series("a", cells) });
  const structs = (cells: number[]) => pl.DataFrame({ x: cells }).select(pl.struct(pl.col("x")).alias("a"));
  const inOneList = (frame: Pick<pl.DataFrame, "select">) => frame.select(pl.col("a").implode());
  const each = (cells: number[]) => [
    lists([[0.5], cells]),
    structs(cells),
    inOneList(lists([cells])),
    inOneList(structs(cells)),
  ];

  test.each(["json", "jsonl"])("NaN and infinity in lists and structs as %s", async (suffix) => {
    const name = `memory:///nan.${suffix}`;
    for (const frame of [...each([1.5, Number.NaN]), ...each([Number.NEGATIVE_INFINITY])])
      await expect(data.writeTable(name, frame)).rejects.toMatchObject(code("unsupported", /holds NaN or infinity/));
    expect(await data.exists(name)).toBe(false);
    for (const frame of each([1.5, 2])) await data.writeTable(name, frame);
  });
});

test("a table without columns is no CSV, as nothing would be read back", async () => {
  const none = data.writeTable("memory:///none.csv", pl.DataFrame({}));
  await expect(none).rejects.toMatchObject(code("unsupported"));
  expect(await data.exists("memory:///none.csv")).toBe(false);
  for (const suffix of ["parquet", "arrow"]) {
    await data.writeTable(`memory:///none.${suffix}`, pl.DataFrame({}));
    expect((await data.readTable(`memory:///none.${suffix}`)).width).toBe(0);
  }
});

describe("folders that are named by values", () => {
  const write = (folder: string, columns: Record<string, unknown>, by: readonly string[]) =>
    data.writeTable(`memory:///${folder}/`, pl.DataFrame(columns), { partitionBy: by });

  test("columns whose names begin like what readers leave out are read back", async () => {
    await write("hidden", { ".h": ["a", "b"], _u: ["c", "d"], v: [1, 2] }, [".h", "_u"]);
    const rows = exact(await data.readTable("memory:///hidden/"));
    expect(rows).toEqual([
      { v: 1, ".h": "a", _u: "c" },
      { v: 2, ".h": "b", _u: "d" },
    ]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["the text that stands for a missing value", { k: ["__HIVE_DEFAULT_PARTITION__", null, "x"], v: [1, 2, 3] }],
    ["an empty text", { k: ["", "x"], v: [1, 2] }],
    ["no name", { "": ["a"], v: [1] }],
    ["no row", { k: pl.Series("k", [], pl.String), v: pl.Series("v", [], pl.Int64) }],
  ])("%s names none, and nothing is written", async (name, columns) => {
    const by = Object.keys(columns).slice(0, 1);
    await expect(write(`none ${name}`, columns, by)).rejects.toMatchObject(code("unsupported"));
    expect(await data.list(`memory:///none ${name}/`).toArray()).toEqual([]);
  });

  test("what is in the folder is an error, stays beside the new files, or is removed when they are written", async () => {
    const folder = "again";
    const values = async () => exact(await data.readTable(`memory:///${folder}/`)).map(({ v }) => v);
    const again = (existing?: "merge" | "replace") =>
      data.writeTable(`memory:///${folder}/`, pl.DataFrame({ k: ["a", "c"], v: [3, 4] }), {
        partitionBy: ["k"],
        existing,
      });
    await write(folder, { k: ["a", "b"], v: [1, 2] }, ["k"]);
    await data.writeText(`memory:///${folder}/_kept`, "no part of the table");
    await expect(again()).rejects.toMatchObject(code("not-empty", /k=a/));
    expect(await values()).toEqual([1, 2]);
    await again("merge");
    expect(await values()).toEqual([3, 2, 4]);
    await again("replace");
    expect(await values()).toEqual([3, 4]);
    expect(await data.exists(`memory:///${folder}/_kept`)).toBe(true);
    await expect(again("refuse" as "merge")).rejects.toThrow(/leave it out/);
    const alone = data.writeTable("memory:///one.csv", pl.DataFrame({ a: [1] }), { existing: "merge" });
    await expect(alone).rejects.toThrow(TypeError);
  });
});

describe("numbers that no float holds", () => {
  const [large, near] = ["9007199254740993", 9007199254740992n];

  test.each([
    [`{"a":{"x":${large}}}\n{"a":{"x":0.5}}`, /"a"."x" .* holds 9007199254740993/],
    [`{"a":[1,${large}]}\n{"a":[0.5]}`, /"a" .* holds 9007199254740993/],
    [
      `{"b":[0.5]}\n{"b":[]}\n{"a":[{"y":[{"z":0.5}]},{"y":[{"z":-${large}}]}]}`,
      /"a"."y"."z" .* holds -9007199254740993/,
    ],
  ])("are an error in lists and structs, too: %s", async (lines, message) => {
    await expect(tableOf(data, "jsonl", `${lines}\n`)).rejects.toMatchObject(code("unsupported", message));
    // what floats hold is right, and so is what is no float
    const held = lines.replaceAll(large, "9007199254740994");
    expect(JSON.stringify(await tableOf(data, "jsonl", `${held}\n`))).toContain("9007199254740994");
    const whole = lines.replaceAll("0.5", "5");
    expect((await tableOf(data, "jsonl", `${whole}\n`)).length).toBeGreaterThan(1);
  });

  test("a list of a large file whose first lines say its type is looked at as well", async () => {
    const lines = '{"a":[0.5,1.5]}\n'.repeat(600_000);
    await expect(tableOf(data, "jsonl", `${lines}{"a":[${large}]}\n`)).rejects.toMatchObject(code("unsupported"));
  });

  test.each([
    ["csv", `a,b\n${large},x\n0.5,y\n`],
    ["jsonl", `{"a":${large},"b":"x"}\n{"a":0.5,"b":"y"}\n`],
  ])("are an error where rows are chosen by them, though no column of them is asked for: %s", async (suffix, text) => {
    for (const a of [Number(near), { in: [1, Number(near)] }, { gte: near }])
      await expect(tableOf(data, suffix, text, { where: { a }, columns: ["b"] })).rejects.toMatchObject(
        code("unsupported", /holds 9007199254740993/),
      );
    expect(await tableOf(data, suffix, text, { where: { a: { gt: 1 } }, columns: ["b"] })).toEqual([{ b: "x" }]);
  });
});

test("a row of CSV with more cells than columns is malformed, whichever columns are asked for", async () => {
  const text = "a,b,c\n1,2,3\n4,5,6,7\n8,9,10\n";
  for (const options of [
    {},
    { columns: ["a"] },
    { columns: ["c"], where: { a: { gt: 0 } } },
    { columns: ["a"], limit: 2 },
  ])
    await expect(tableOf(data, "csv", text, options)).rejects.toMatchObject(code("malformed"));
  expect(await tableOf(data, "csv", text, { columns: ["b"], limit: 1 })).toEqual([{ b: 2n }]);
  const fine = '#,,,,\n,,,,\na,b,c\n"1,""1",2,3\n';
  expect(await tableOf(data, "csv", fine, { columns: ["a"], comment: "#", skipRows: 2 })).toEqual([{ a: '1,"1' }]);
});
