import { expect, test } from "vitest";
import { constantOf, kindOfTexts, partitionPath, partitionsOfKey } from "./partitions.ts";

const said = (key: string) => Object.fromEntries(partitionsOfKey(key));

test("folders say columns, the name of the file says none", () => {
  expect(said("t/year=2024/month=01/a=b.parquet")).toEqual({ year: "2024", month: "01" });
  expect(said("a=1")).toEqual({});
  expect(said("=1/x/a=/y")).toEqual({ a: "" });
  expect(said("a=1/a=2/y")).toEqual({ a: "2" });
  expect(said("a=__HIVE_DEFAULT_PARTITION__/y")).toEqual({ a: null });
  expect(said("a=b=c/y")).toEqual({ a: "b=c" });
});

test.each(["a/b", "100%", "x=y", "ü ✓", "\u0000", "a:b?c*", "..", "__HIVE", "{}[]", "\\"])(
  "every text is written as a folder that is read as it was: %j",
  (text) => {
    const path = partitionPath([[text, text]]);
    expect(path.split("/")).toHaveLength(2);
    expect([...partitionsOfKey(`${path}part-0.parquet`)]).toEqual([[text, text]]);
  },
);

test("a percent sign that escapes nothing stays", () => {
  expect(said("a=100%/y")).toEqual({ a: "100%" });
});

test.each([
  [["1", "-2", "0", null], { kind: "int", bits: 64, signed: true }],
  [["01"], { kind: "string" }],
  [["1", "x"], { kind: "string" }],
  [["9999999999999999999"], { kind: "string" }],
  [["2020-01-02", null], { kind: "date" }],
  [["2020-02-30"], { kind: "string" }],
  [[null], { kind: "string" }],
])("%j are of the type that holds them exactly", (texts, kind) => {
  expect(kindOfTexts(texts)).toEqual(kind);
});

test("days are counted from 1970", () => {
  expect(constantOf("1969-12-31", { kind: "date" })).toEqual({ kind: { kind: "date" }, value: -1n });
  expect(constantOf(null, { kind: "date" }).value).toBeNull();
});
