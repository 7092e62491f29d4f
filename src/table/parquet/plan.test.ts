import { expect, test } from "vitest";
import type { Chunk, Footer, RowGroup } from "./footer.ts";
import { type ParquetQuery, planParquet, spansOf } from "./plan.ts";
import type { Fields, Value } from "./thrift.ts";

const int64: Fields = new Map<number, Value>([[1, { type: "i32", value: 2n }]]);

/** Row groups of 100 rows with columns of 1000 bytes each, one behind the other; `id` counts all rows. */
function footer(groups: number, names = ["id", "x", "y"]): Footer {
  const rowGroups = Array.from({ length: groups }, (_, group): RowGroup => {
    const chunks = names.map((column, index): Chunk => {
      const start = 4 + (group * names.length + index) * 1000;
      return { column, start, end: start + 1000, values: 100, fields: chunkFields(column, group) };
    });
    return { rows: 100, firstRow: 100 * group, chunks, fields: new Map() };
  });
  const columns = names.map((name) => ({ name, leaf: int64 }));
  return { rows: 100 * groups, columns, rowGroups, fields: new Map(), dataEnd: 4 + groups * names.length * 1000 };
}

function chunkFields(column: string, group: number): Fields {
  const bound = (value: number): Value => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return { type: "binary", value: bytes };
  };
  const statistics: Fields = new Map<number, Value>([
    [3, { type: "i64", value: 0n }],
    [5, bound(100 * group + 99)],
    [6, bound(100 * group)],
  ]);
  const meta = new Map<number, Value>([
    [1, { type: "i32", value: 2n }],
    [3, { type: "list", of: 8, items: [{ type: "binary", value: Buffer.from(column) }] }],
  ]);
  if (column === "id") meta.set(12, { type: "struct", fields: statistics });
  return new Map([[3, { type: "struct", fields: meta } as Value]]);
}

const plan = (query: ParquetQuery, most = 1e9, of = footer(4)) => planParquet(of, query, "a.parquet", most);
const firstRows = (query: ParquetQuery) => plan(query).map(([step]) => step?.group.firstRow);

test("only the bytes of the columns that are asked for are fetched, neighbours as one", () => {
  expect(plan({ columns: ["x"] }).map(([step]) => step?.spans)).toEqual([
    [{ start: 1004, end: 2004 }],
    [{ start: 4004, end: 5004 }],
    [{ start: 7004, end: 8004 }],
    [{ start: 10_004, end: 11_004 }],
  ]);
  expect(plan({ columns: ["y", "x"] })[0]?.[0]?.spans).toEqual([{ start: 1004, end: 3004 }]);
  expect(plan({ columns: ["id", "y"] })[0]?.[0]?.spans).toHaveLength(2);
});

test("row groups that hold no row of the answer are left out", () => {
  const where = (op: "gte" | "lt" | "eq", value: number) => ({ condition: { op, column: "id", value } });
  expect(firstRows(where("gte", 250))).toEqual([200, 300]);
  expect(firstRows(where("eq", 100))).toEqual([100]);
  expect(firstRows(where("lt", 0))).toEqual([]);
  expect(firstRows({ limit: 150 })).toEqual([0, 100]);
  expect(firstRows({ limit: 0 })).toEqual([]);
  expect(firstRows({ rowGroups: [3, 1] })).toEqual([300, 100]);
});

test("without bounds, and with a limit beside a condition, every row group may hold one", () => {
  expect(firstRows({ condition: { op: "eq", column: "x", value: -1 } })).toHaveLength(4);
  expect(firstRows({ condition: { op: "gte", column: "id", value: 0 }, limit: 1 })).toHaveLength(4);
  expect(firstRows({ condition: { op: "eq", column: "id", value: -1 }, types: { id: "string" } })).toHaveLength(4);
});

test("what a condition looks at is fetched with what is asked for, in one step", () => {
  const [[step] = []] = plan({ columns: ["y"], condition: { op: "eq", column: "id", value: 5 } }, 1);
  expect(step?.columns).toEqual(["y", "id"]);
});

test("a step is no larger than it may be, but holds a column at least", () => {
  expect(plan({}, 2500)[0]?.map(({ columns }) => columns)).toEqual([["id", "x"], ["y"]]);
  expect(plan({}, 1)[0]?.map(({ columns }) => columns)).toEqual([["id"], ["x"], ["y"]]);
});

test("unknown and ambiguous columns are errors before anything is fetched", () => {
  expect(() => plan({ columns: ["z"] })).toThrow(expect.objectContaining({ code: "malformed" }));
  expect(() => plan({}, 1, footer(1, ["a", "a"]))).toThrow(/two columns "a"/);
  expect(() => plan({ rowGroups: [4] })).toThrow(RangeError);
});

test("a table without columns needs nothing", () => {
  expect(plan({}, 1, footer(2, []))).toEqual([]);
});

test("a small gap between two chunks is fetched with them, a large one is not", () => {
  const apart = (gap: number) =>
    spansOf([
      { start: 20_000 + gap, end: 30_000 + gap },
      { start: 0, end: 20_000 },
    ]);
  expect(apart(1500)).toEqual([{ start: 0, end: 31_500 }]);
  expect(apart(1501)).toHaveLength(2);
});
