import { expect, test } from "vitest";
import { boundsOf } from "./bounds.ts";
import type { Footer } from "./footer.ts";
import type { Fields, Value } from "./thrift.ts";

const i32 = (value: number): Value => ({ type: "i32", value: BigInt(value) });
const bytes = (value: Uint8Array): Value => ({ type: "binary", value });
const struct = (entries: readonly (readonly [number, Value])[]): Value => ({
  type: "struct",
  fields: new Map(entries),
});

interface Said {
  readonly physical: number;
  readonly leaf?: readonly (readonly [number, Value])[];
  readonly statistics?: readonly (readonly [number, Value])[];
}

function bounds({ physical, leaf = [], statistics }: Said) {
  const meta: [number, Value][] = [
    [1, i32(physical)],
    [3, { type: "list", of: 8, items: [bytes(Buffer.from("a"))] }],
  ];
  if (statistics !== undefined) meta.push([12, struct(statistics)]);
  const fields: Fields = new Map([[3, struct(meta)]]);
  const group = { rows: 9, firstRow: 0, chunks: [{ column: "a", start: 4, end: 5, values: 9, fields }], fields };
  const footer: Footer = {
    ...{ rows: 9, rowGroups: [group], fields: new Map(), dataEnd: 5 },
    columns: [{ name: "a", leaf: new Map(leaf) }],
  };
  return boundsOf(footer, group, "a");
}

const le32 = (value: number) => Uint8Array.from(Buffer.from(Int32Array.of(value).buffer));
const float = (value: number) => Uint8Array.from(Buffer.from(Float64Array.of(value).buffer));

test("bounds are numbers of the column's own unit, with how many are missing", () => {
  const statistics = [
    [3, { type: "i64", value: 0n }],
    [5, bytes(le32(7))],
    [6, bytes(le32(-1))],
  ] as const;
  expect(bounds({ physical: 1, statistics })).toEqual({
    kind: { kind: "int", bits: 32, signed: true },
    min: -1n,
    max: 7n,
    nulls: "none",
  });
  expect(bounds({ physical: 1, statistics, leaf: [[6, i32(13)]] })).toMatchObject({ min: 0xffff_ffffn, max: 7n });
  expect(bounds({ physical: 1, statistics, leaf: [[6, i32(6)]] })?.kind).toEqual({ kind: "date" });
  expect(bounds({ physical: 1, statistics: [[3, { type: "i64", value: 9n }]] })?.nulls).toBe("all");
  expect(bounds({ physical: 1, statistics: [[3, { type: "i64", value: 1n }]] })?.nulls).toBe("some");
});

test("the fields that came first say nothing of texts and unsigned numbers, whose order they leave open", () => {
  const old = [
    [1, bytes(le32(7))],
    [2, bytes(le32(1))],
  ] as const;
  expect(bounds({ physical: 1, statistics: old })).toMatchObject({ min: 1n, max: 7n });
  expect(bounds({ physical: 1, statistics: old, leaf: [[6, i32(13)]] })).toMatchObject({
    min: undefined,
    max: undefined,
  });
  expect(bounds({ physical: 6, statistics: old, leaf: [[6, i32(0)]] })).toMatchObject({
    min: undefined,
    max: undefined,
  });
});

test("what cannot be relied on is no bound: NaN, another size, no order", () => {
  expect(
    bounds({
      physical: 5,
      statistics: [
        [5, bytes(float(Number.NaN))],
        [6, bytes(float(1))],
      ],
    }),
  ).toMatchObject({
    min: 1,
    max: undefined,
  });
  expect(
    bounds({
      physical: 2,
      statistics: [
        [5, bytes(le32(1))],
        [6, bytes(le32(1))],
      ],
    })?.min,
  ).toBeUndefined();
  expect(bounds({ physical: 6, statistics: [] })).toBeUndefined();
  expect(bounds({ physical: 1 })).toBeUndefined();
  expect(bounds({ physical: 1, statistics: [], leaf: [[3, i32(2)]] })).toBeUndefined();
  expect(bounds({ physical: 1, statistics: [], leaf: [[10, struct([[5, struct([])]])]] })).toBeUndefined();
});
