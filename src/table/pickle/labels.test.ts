import { expect, test } from "vitest";
import { type PickledColumn, PickledFrame, type PickledIndex } from "../../format/index.ts";
import { namedColumns } from "./labels.ts";

const column = (name: unknown): PickledColumn => ({
  kind: "number",
  name,
  dtype: "int32",
  values: Int32Array.of(1, 2),
});
const names = (labels: readonly unknown[], index?: PickledIndex) =>
  namedColumns(new PickledFrame({ columns: labels.map(column), index }), "a.pkl").map(({ name }) => name);
const levels = (...labels: unknown[]): PickledIndex => ({ kind: "columns", columns: labels.map(column) });
const range = (start: number, step: number, name: unknown = null): PickledIndex => ({
  kind: "range",
  name,
  start,
  stop: start + 2 * step,
  step,
});

test("rows that are counted from 0 are no column", () => {
  expect(names(["a"])).toEqual(["a"]);
});

test("an index is a column behind the others, named as pandas names it in Parquet", () => {
  expect(names(["a"], levels("day", null))).toEqual(["a", "day", "__index_level_1__"]);
  expect(names(["a"], levels("a"))).toEqual(["a", "__index_level_0__"]);
  expect(names(["a"], range(5, 1))).toEqual(["a", "__index_level_0__"]);
  expect(names(["a"], range(0, 1, "row"))).toEqual(["a", "row"]);
});

test("labels that are no texts are called as Python's str calls them", () => {
  expect(names([0, null, true, Object.freeze(["a", 1]), Object.freeze(["it's", null])])).toEqual([
    ...["0", "None", "True", "('a', 1)", `("it's", None)`],
  ]);
});

test("two columns of one name are an error and no overwritten column", () => {
  expect(() => names(["a", "a"])).toThrow(expect.objectContaining({ code: "unsupported" }));
  expect(() => names([1, "1"])).toThrow(/two columns/);
});
