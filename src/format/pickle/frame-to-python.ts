/** Frames as calls of pandas' public constructors alone, so that pandas 1, 2 and 3 load them, each with its own insides. */
import type { PickledColumn, PickledFrame, PickledIndex, PickledSeries } from "./frame.ts";
import { pickledValueAt } from "./frame-values.ts";
import { boolsToPython, objectsToPython, timesToPython, typedArrayToPython } from "./numpy-to-python.ts";
import { call, PythonCall, PythonName, PythonTuple } from "./python-call.ts";
import { splitTexts, splitUtf8 } from "./texts-to-python.ts";
import { zoneNamed } from "./zone-to-python.ts";

/** A `pandas.DataFrame`. */
export function frameToPython({ columns, index, columnLevels }: PickledFrame): PythonCall {
  const names = columns.map(({ name }) => name);
  const isPlain =
    columnLevels.length === 1 &&
    columnLevels[0] === null &&
    // an object of the reader would put names that are numbers first
    names.every((name) => typeof name === "string" && !/^\d+$/.test(name)) &&
    new Set(names).size === names.length;
  const byKey = new Map(columns.map((column, at) => [isPlain ? column.name : at, columnToPython(column)] as const));
  const rows = labelsToPython(index);
  if (isPlain) return new PythonCall(frame, [byKey, rows]);
  // what names a dict cannot have are set afterwards, as pandas does when it loads a frame of its own
  const state = { _typ: "dataframe", columns: namesToPython(names, columnLevels) };
  return new PythonCall(frame, [byKey, rows], state);
}

const frame = new PythonName("pandas", "DataFrame");

function namesToPython(names: readonly unknown[], levels: readonly unknown[]): PythonCall {
  if (levels.length <= 1) return call("pandas", "Index", [...names], null, false, levels[0] ?? null);
  const tuples = names.map((labels) => new PythonTuple(...(labels as readonly unknown[])));
  return call("pandas", "MultiIndex.from_tuples", tuples, null, [...levels]);
}

/** A `pandas.Series`. */
export function seriesToPython({ column, index }: PickledSeries): PythonCall {
  const dtype = column.kind === "object" ? "object" : null;
  return call("pandas", "Series", columnToPython(column), labelsToPython(index), dtype, column.name);
}

/** A `pandas.Index`. */
export function labelsToPython(index: PickledIndex): PythonCall {
  if (index.kind === "range") {
    const { start, stop, step, name } = index;
    return call("pandas", "RangeIndex", start, stop, step, null, false, name);
  }
  const [first, ...more] = index.columns;
  if (first === undefined) throw new RangeError("an index has at least one column");
  if (more.length === 0) return indexToPython(first);
  const names = index.columns.map(({ name }) => name);
  return call("pandas", "MultiIndex.from_arrays", index.columns.map(columnToPython), null, names);
}

function indexToPython(column: PickledColumn): PythonCall {
  const dtype = column.kind === "object" ? "object" : null;
  const values = columnToPython(column);
  const freq = column.kind === "time" ? column.freq : undefined;
  if (freq === undefined) return call("pandas", "Index", values, dtype, false, column.name);
  const offset = call("pandas.tseries.offsets", freq.offset, ...freq.args);
  return call("pandas", "Index", call("pandas", "DatetimeIndex", values, offset), null, false, column.name);
}

/** What a column of a DataFrame is made of. */
function columnToPython(column: PickledColumn): PythonCall {
  switch (column.kind) {
    case "string":
      return textsToPython(column);
    case "object":
      return call("pandas", "array", objectsToPython(column.values), "object");
    case "time":
      return timeToPython(timesToPython(column.values, "M8", column.unit), column.timeZone);
    case "duration":
      return timesToPython(column.values, "m8", column.unit);
    case "category": {
      const codes = typedArrayToPython(column.values);
      return call("pandas", "Categorical.from_codes", codes, indexToPython(column.categories), column.ordered);
    }
    default:
      return numbersToPython(column);
  }
}

function numbersToPython(column: PickledColumn & { readonly kind: "number" | "bigint" | "boolean" }): PythonCall {
  const { kind, values, valid, dtype } = column;
  if (dtype.endsWith("[pyarrow]")) {
    const all = Array.from({ length: values.length }, (_, at) => pickledValueAt(column, at));
    return call("pandas", "array", all, dtype);
  }
  if (dtype === "float16") return call("numpy", "ndarray.astype", typedArrayToPython(values), "f2");
  const array = kind === "boolean" ? boolsToPython(values) : typedArrayToPython(values);
  if (valid === undefined && !/^[A-Z]|^boolean$/.test(dtype)) return array;
  const missing = valid?.map((isThere) => (isThere === 0 ? 1 : 0)) ?? new Uint8Array(values.length);
  const isFloat = values instanceof Float64Array || values instanceof Float32Array;
  const name = kind === "boolean" ? "BooleanArray" : isFloat ? "FloatingArray" : "IntegerArray";
  return call("pandas.arrays", name, array, boolsToPython(missing));
}

/** `datetime64` counts in UTC where there is a zone. */
function timeToPython(times: PythonCall, timeZone: string | undefined): PythonCall {
  if (timeZone === undefined) return times;
  const utc = call("pandas", "DatetimeIndex.tz_localize", call("pandas", "DatetimeIndex", times), "UTC");
  return timeZone === "UTC" ? utc : call("pandas", "DatetimeIndex.tz_convert", utc, zoneNamed(timeZone));
}

/** `str` is what pandas 3 makes of texts by itself, and what was an array of objects before. */
function textsToPython(column: PickledColumn & { readonly kind: "string" }): PythonCall {
  const { dtype } = column;
  const texts = textList(column);
  if (dtype !== "str") return call("pandas", "array", texts ?? [...column.values], dtype);
  if (texts !== undefined) return texts.callee === taking ? texts : call("pandas", "Index", texts);
  const { values } = column;
  if (values.some((text) => text !== null)) return call("pandas", "Index", [...values]);
  // a text that is taken away again says what the gaps are gaps of
  return new PythonCall(taking, [call("pandas", "Index", [...values, ""]), [...values.keys()]]);
}

const taking = new PythonName("pandas", "Index.take");

/** Many texts in one piece; where some are missing, an index that the others are taken from. */
function textList(column: PickledColumn & { readonly kind: "string" }): PythonCall | undefined {
  const { utf8 } = column;
  const list = utf8 === undefined ? splitTexts(column.values) : splitUtf8(utf8);
  if (list === undefined) return undefined;
  const isThere = utf8 === undefined ? validOf(column.values) : utf8.valid;
  if (isThere === undefined) return list;
  if (!isThere.includes(1)) return undefined;
  const places = BigInt64Array.from(isThere, (there, at) => (there === 0 ? -1n : BigInt(at)));
  return new PythonCall(taking, [call("pandas", "Index", list), typedArrayToPython(places), 0, true, Number.NaN]);
}

function validOf(values: readonly (string | null)[]): Uint8Array | undefined {
  if (!values.includes(null)) return undefined;
  return Uint8Array.from(values, (text) => (text === null ? 0 : 1));
}
