/** Pandas' arrays, plain and extended, as typed columns, and its indexes: each is made of the other. */
import { arrowTypeName, arrowValues } from "./arrow-array.ts";
import { InstanceDraft } from "./class-instance.ts";
import { entryOf, Part } from "./draft.ts";
import { malformed, notSupported, refusedClass } from "./fault.ts";
import {
  lengthOfIndex,
  type PickledColumn,
  type PickledIndex,
  type PickledObjects,
  type PickledStrings,
  type PickledTimes,
  type TimeUnit,
} from "./frame.ts";
import type { Budget } from "./limits.ts";
import { ArrayDraft, DtypeDraft } from "./numpy-array.ts";
import { wholeNumber } from "./plain-classes.ts";
import { taken } from "./taken.ts";
import { textColumn } from "./text-column.ts";
import { zoneOf } from "./time-classes.ts";

/** Where a column lies: in a block of several (`row`), or by itself. */
export interface Lying {
  readonly name: unknown;
  readonly row: number;
  readonly budget: Budget;
}

/** Faults: unsupported, with the type, for what no column can hold; malformed. */
export function columnOf(array: unknown, lying: Lying): PickledColumn {
  if (array instanceof ArrayDraft) return numpyColumn(array, lying);
  if (!(array instanceof Part)) throw malformed("a column has no values");
  if (array.type.endsWith("Index")) return { ...indexColumn(array, lying.budget), name: lying.name };
  switch (array.type) {
    case "IntegerArray":
    case "FloatingArray":
    case "BooleanArray":
      return maskedColumn(array, lying);
    case "StringArray":
      return stringColumn(array, lying);
    case "ArrowStringArray":
    case "ArrowExtensionArray":
      return arrowColumn(array, lying);
    case "DatetimeArray":
    case "TimedeltaArray":
      return timeColumn(array, lying);
    case "Categorical":
      return categoryColumn(array, lying);
    default:
      throw notSupported(`a pandas column of type ${array.type}`);
  }
}

type Row = Exclude<ReturnType<ArrayDraft["values"]>, readonly unknown[]> | readonly unknown[];

/** The values of one column: blocks hold several, one after the other. */
function rowOf(array: ArrayDraft, row: number): Row {
  const values = array.values() as Row;
  if (array.shape.length === 1) {
    if (row !== 0) throw malformed("a block has fewer columns than places");
    return values;
  }
  const [columns = 0, rows = 0] = array.shape;
  if (array.shape.length !== 2 || row >= columns) throw malformed("a block has fewer columns than places");
  return Array.isArray(values)
    ? values.slice(row * rows, (row + 1) * rows)
    : (values as Exclude<Row, readonly unknown[]>).subarray(row * rows, (row + 1) * rows);
}

function numpyColumn(array: ArrayDraft, { name, row, budget }: Lying): PickledColumn {
  const { known: dtype } = array;
  const values = rowOf(array, row);
  const found = { name, dtype: array.name };
  if (dtype.kind === "O" || Array.isArray(values)) {
    budget.spend(8 * values.length);
    // of several columns each row is a list of its own already
    const own = array.shape.length === 1 ? [...(values as readonly unknown[])] : (values as readonly unknown[]);
    return { ...found, kind: "object", values: own } satisfies PickledObjects;
  }
  if (dtype.kind === "b") return { ...found, kind: "boolean", values: values as Uint8Array };
  if (dtype.kind === "M") return { ...found, kind: "time", values: values as BigInt64Array, unit: unitOf(dtype) };
  if (dtype.kind === "m") return { ...found, kind: "duration", values: values as BigInt64Array, unit: unitOf(dtype) };
  if (dtype.kind === "c") throw notSupported("a pandas column of complex numbers");
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return { ...found, kind: "bigint", values };
  return { ...found, kind: "number", values: values as Float64Array };
}

function unitOf(dtype: DtypeDraft): TimeUnit {
  if (!/^(?:s|ms|us|ns)$/.test(dtype.unit)) throw notSupported(`a pandas column of type ${dtype.name}`);
  return dtype.unit as TimeUnit;
}

function maskedColumn(array: Part, lying: Lying): PickledColumn {
  const data = entryOf(array.state, "_data");
  const mask = entryOf(array.state, "_mask");
  if (!(data instanceof ArrayDraft && mask instanceof ArrayDraft)) throw malformed("a nullable column has no values");
  const column = numpyColumn(data, lying);
  if (column.kind !== "number" && column.kind !== "bigint" && column.kind !== "boolean")
    throw malformed("a nullable column has values of another kind");
  const missing = rowOf(mask, 0) as Uint8Array;
  if (missing.length !== column.values.length) throw malformed("a nullable column has another number of gaps");
  lying.budget.spend(missing.length);
  const valid = missing.some((gap) => gap !== 0) ? missing.map((gap) => (gap === 0 ? 1 : 0)) : undefined;
  return { ...column, dtype: nullableName(column.dtype), valid };
}

/** `Int64` for `int64`, `UInt8` for `uint8`, `boolean` for `bool`. */
function nullableName(dtype: string): string {
  if (dtype === "bool") return "boolean";
  return dtype.startsWith("uint") ? `UInt${dtype.slice(4)}` : `${dtype.slice(0, 1).toUpperCase()}${dtype.slice(1)}`;
}

/** What `__pyx_unpickle_NDArrayBacked` is filled with, in the forms that there were: the array and its dtype. */
function backed(array: Part): { readonly values: ArrayDraft; readonly dtype: unknown } {
  const { state } = array;
  const given = Array.isArray(state)
    ? state
    : ["_ndarray", "_data", "_codes", "_dtype"].map((name) => entryOf(state, name));
  const values = given.find((each) => each instanceof ArrayDraft);
  if (!(values instanceof ArrayDraft)) throw malformed(`a ${array.type} has no values`);
  return { values, dtype: given.find((each) => each instanceof DtypeDraft || each instanceof Part) };
}

/** Pandas 3 calls its texts `str` where NaN stands for a gap, `string` where NA does. */
function stringDtype(dtype: unknown): "str" | "string" {
  if (!(dtype instanceof Part)) return "string";
  const gap = dtype.args[1] ?? entryOf(dtype.state, "_na_value") ?? entryOf(dtype.state, "na_value");
  return typeof gap === "number" ? "str" : "string";
}

function stringColumn(array: Part, { name, row, budget }: Lying): PickledStrings {
  const { values, dtype } = backed(array);
  const items = rowOf(values, row);
  budget.spend(8 * items.length);
  const texts = Array.from(items as readonly unknown[], (item) => {
    if (typeof item === "string") return item;
    if (item === null || Number.isNaN(item)) return null;
    throw malformed("a column of texts holds something else");
  });
  return { name, dtype: stringDtype(dtype), kind: "string", values: texts };
}

function arrowColumn(array: Part, { name, budget }: Lying): PickledColumn {
  const values = arrowValues(entryOf(array.state, "_pa_array") ?? entryOf(array.state, "_data"), budget);
  const dtype = entryOf(array.state, "_dtype");
  if (values.kind === "string" && values.utf8 !== undefined && array.type === "ArrowStringArray")
    return textColumn(name, stringDtype(dtype), values.utf8);
  if (array.type === "ArrowStringArray") return { name, dtype: stringDtype(dtype), ...values } as PickledColumn;
  const type = arrowTypeName(dtype instanceof Part ? entryOf(dtype.state, "pyarrow_dtype") : undefined);
  return { name, dtype: `${type}[pyarrow]`, ...values } as PickledColumn;
}

function timeColumn(array: Part, lying: Lying): PickledColumn {
  const { values, dtype } = backed(array);
  const plain = numpyColumn(values, lying);
  const freq = plain.kind === "time" ? freqOf(freqPart(array.state)) : undefined;
  const column = freq === undefined ? plain : ({ ...plain, freq } as PickledTimes);
  if (!(dtype instanceof Part)) return column;
  if (column.kind !== "time") throw malformed("a column of times holds something else");
  const timeZone = zoneOf(entryOf(dtype.state, "tz"))?.toString();
  if (timeZone === undefined) return column;
  return { ...column, dtype: `datetime64[${column.unit}, ${timeZone}]`, timeZone };
}

function freqPart(state: unknown): unknown {
  if (!Array.isArray(state)) return entryOf(state, "_freq");
  return state.map((each) => entryOf(each, "_freq")).find((each) => each instanceof Part);
}

/** Offsets of several parts of their own, such as business hours, are left out. */
function freqOf(part: unknown): PickledTimes["freq"] {
  if (!(part instanceof Part)) return undefined;
  const fields = entryOf(part.state, "n") === undefined ? undefined : [entryOf(part.state, "n")];
  const args = part.args.length > 0 ? part.args : (fields ?? [1]);
  const isPlain = (arg: unknown) => arg === null || typeof arg === "boolean" || typeof arg === "number";
  return args.every(isPlain) ? { offset: part.type, args: args as (number | boolean | null)[] } : undefined;
}

function categoryColumn(array: Part, { name, row, budget }: Lying): PickledColumn {
  const { values, dtype } = backed(array);
  if (!(dtype instanceof Part)) throw malformed("a category has no dtype");
  const codes = rowOf(values, row);
  budget.spend(4 * codes.length);
  const categories = indexColumn(entryOf(dtype.state, "categories"), budget);
  const most = categories.values.length;
  const positions = Int32Array.from(codes as readonly (number | bigint)[], Number);
  if (positions.some((code) => code < -1 || code >= most)) throw malformed("a category is none of the categories");
  const ordered = entryOf(dtype.state, "ordered") === true;
  return { name, dtype: "category", kind: "category", values: positions, categories, ordered };
}

const isSafe = (value: unknown) => wholeNumber(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

/** Of a part that is an index. Faults: malformed, unsupported. */
export function indexOf(part: unknown, budget: Budget): PickledIndex {
  if (part instanceof InstanceDraft) throw refusedClass(part.name);
  if (!(part instanceof Part) || !part.type.endsWith("Index")) throw malformed("an index is none");
  const { type, state } = part;
  const name = entryOf(state, "name") ?? null;
  if (type === "RangeIndex") {
    const [start, stop, step] = ["start", "stop", "step"].map((field) => isSafe(entryOf(state, field)));
    if (step === 0) throw malformed("a range has no step");
    return { kind: "range", name, start: start as number, stop: stop as number, step: step as number };
  }
  if (type === "MultiIndex")
    return Array.isArray(entryOf(state, "arrays")) ? madeIndex(state, budget) : multiIndex(state, budget);
  return { kind: "columns", columns: [plainIndex(part, name, budget)] };
}

function plainIndex(part: Part, name: unknown, budget: Budget): PickledColumn {
  const { state } = part;
  const data = entryOf(state, "data") ?? entryOf(state, "_data");
  const column = columnOf(data, { name, row: 0, budget });
  if (column.kind !== "time") return column;
  const freq = freqOf(entryOf(state, "freq")) ?? column.freq;
  return withZone(freq === undefined ? column : { ...column, freq }, data, part);
}

function withZone(column: PickledTimes, data: unknown, { state, type }: Part): PickledColumn {
  if (!(data instanceof ArrayDraft)) return column;
  const timeZone = type === "DatetimeIndex" ? zoneOf(entryOf(state, "tz"))?.toString() : undefined;
  if (timeZone === undefined) return column;
  return { ...column, dtype: `datetime64[${column.unit}, ${timeZone}]`, timeZone };
}

/** Of one array for each level, as `MultiIndex.from_arrays` is given them. */
function madeIndex(state: unknown, budget: Budget): PickledIndex {
  const [arrays, names] = [entryOf(state, "arrays"), entryOf(state, "names")];
  if (!Array.isArray(arrays) || !Array.isArray(names)) throw malformed("an index of several levels has others");
  return { kind: "columns", columns: arrays.map((each, at) => columnOf(each, { name: names[at], row: 0, budget })) };
}

function multiIndex(state: unknown, budget: Budget): PickledIndex {
  const [levels, codes, names] = [
    entryOf(state, "levels"),
    entryOf(state, "codes") ?? entryOf(state, "labels"),
    entryOf(state, "names"),
  ];
  if (!Array.isArray(levels) || !Array.isArray(codes) || levels.length !== codes.length || levels.length === 0)
    throw malformed("an index of several levels has others");
  const columns = levels.map((level, at): PickledColumn => {
    const from = indexColumn(level, budget);
    const array = codes[at];
    if (!(array instanceof ArrayDraft)) throw malformed("a level has no positions");
    const positions = Array.from(array.values() as Int8Array, Number);
    budget.spend(16 * positions.length);
    const name = Array.isArray(names) ? (names[at] ?? null) : from.name;
    return { ...taken(from, positions), name };
  });
  return { kind: "columns", columns };
}

/** An index as one column; a range is counted out. */
export function indexColumn(part: unknown, budget: Budget): PickledColumn {
  const index = indexOf(part, budget);
  if (index.kind === "columns") {
    const [column, ...more] = index.columns;
    if (column === undefined || more.length > 0) throw notSupported("categories of several levels");
    return column;
  }
  const { name, start, step } = index;
  const length = lengthOfIndex(index);
  budget.spend(8 * length);
  const values = BigInt64Array.from({ length }, (_, at) => BigInt(start + at * step));
  return { name, dtype: "int64", kind: "bigint", values };
}
