import { expect, test } from "vitest";
import { type PickledColumn, PickledFrame, PickledSeries } from "./frame.ts";

const int64 = BigInt64Array.of(1n);
const wrong: readonly PickledColumn[] = [
  { name: "x", kind: "number", dtype: "int64", values: Float64Array.of(2.5) },
  { name: "x", kind: "number", dtype: "flot", values: Float64Array.of(2.5) },
  { name: "x", kind: "number", dtype: "int32", values: Int16Array.of(2) },
  { name: "x", kind: "bigint", dtype: "uint64", values: int64 },
  { name: "x", kind: "boolean", dtype: "uint8", values: Uint8Array.of(1) },
  { name: "x", kind: "time", dtype: "datetime64[ns]", unit: "us", values: int64 },
  { name: "x", kind: "time", dtype: "datetime64[ns]", unit: "ns", timeZone: "UTC", values: int64 },
  { name: "x", kind: "duration", dtype: "timedelta64[s]", unit: "ns", values: int64 },
  { name: "x", kind: "string", dtype: "object", values: ["a"] },
  { name: "x", kind: "number", dtype: "float64", values: [1] as never },
];

test.each(wrong)("$kind as $dtype is a TypeError, in a frame, a series and an index", (column) => {
  expect(() => new PickledFrame({ columns: [column] })).toThrow(TypeError);
  expect(() => new PickledSeries(column)).toThrow(TypeError);
  expect(() => new PickledFrame({ columns: [], index: { kind: "columns", columns: [column] } })).toThrow(TypeError);
});

test.each<PickledColumn>([
  { name: "x", kind: "number", dtype: "Float64", values: Float64Array.of(2.5) },
  { name: "x", kind: "number", dtype: "float16", values: Float32Array.of(2.5) },
  { name: "x", kind: "number", dtype: "UInt8", values: Uint8Array.of(2), valid: Uint8Array.of(0) },
  { name: "x", kind: "bigint", dtype: "Int64", values: int64 },
  { name: "x", kind: "bigint", dtype: "int64[pyarrow]", values: int64 },
  { name: "x", kind: "time", dtype: "datetime64[ns, UTC]", unit: "ns", timeZone: "UTC", values: int64 },
  { name: "x", kind: "object", dtype: "object", values: [{}] },
])("$kind as $dtype is a column", (column) => {
  expect(new PickledFrame({ columns: [column] }).rows).toBe(1);
});
