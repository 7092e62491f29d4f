/** Pandas' indexes: of rows, of columns, of categories. */
import { entryOf, Part } from "./draft.ts";
import { malformed, notSupported } from "./fault.ts";
import { lengthOfIndex, notATime, type PickledColumn, type PickledIndex } from "./frame.ts";
import type { Budget } from "./limits.ts";
import { ArrayDraft } from "./numpy-array.ts";
import { columnOf } from "./pandas-columns.ts";
import { wholeNumber } from "./plain-classes.ts";
import { zoneOf } from "./time-classes.ts";

const isSafe = (value: unknown) => wholeNumber(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

/** Of a part that is an index. Faults: malformed, unsupported. */
export function indexOf(part: unknown, budget: Budget): PickledIndex {
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

function plainIndex({ state, type }: Part, name: unknown, budget: Budget): PickledColumn {
  const data = entryOf(state, "data") ?? entryOf(state, "_data");
  const column = columnOf(data, { name, row: 0, budget });
  if (column.kind !== "time" || !(data instanceof ArrayDraft)) return column;
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

/** The column's values at these positions; -1 is none. */
function taken(column: PickledColumn, positions: readonly number[]): PickledColumn {
  const most = column.values.length;
  if (positions.some((at) => !(at >= -1 && at < most))) throw malformed("a position of a level is none");
  const hasGaps = positions.includes(-1);
  const at = <T>(values: ArrayLike<T>, gap: T): T[] =>
    positions.map((place) => (place < 0 ? gap : (values[place] as T)));
  switch (column.kind) {
    case "string":
      return { kind: "string", name: column.name, dtype: column.dtype, values: at(column.values, null) };
    case "object":
      return { ...column, values: at<unknown>(column.values, null) };
    case "time":
    case "duration":
      return { ...column, values: BigInt64Array.from(at(column.values, notATime)) };
    case "category":
      return { ...column, values: Int32Array.from(at(column.values, -1)) };
    case "bigint": {
      const Values = column.values instanceof BigInt64Array ? BigInt64Array : BigUint64Array;
      return {
        ...column,
        values: Values.from(at(column.values, 0n)),
        valid: validAt(column.valid, positions, hasGaps),
      };
    }
    case "boolean":
      return {
        ...column,
        values: Uint8Array.from(at(column.values, 0)),
        valid: validAt(column.valid, positions, hasGaps),
      };
    case "number": {
      const isFloat = column.values instanceof Float64Array || column.values instanceof Float32Array;
      const values = at(column.values as ArrayLike<number>, isFloat ? Number.NaN : 0);
      const Values = column.values.constructor as unknown as { from(items: readonly number[]): Float64Array };
      const valid = validAt(column.valid, positions, hasGaps && !isFloat);
      return { ...column, values: Values.from(values), valid };
    }
  }
}

function validAt(
  valid: Uint8Array | undefined,
  positions: readonly number[],
  hasGaps: boolean,
): Uint8Array | undefined {
  if (valid === undefined && !hasGaps) return undefined;
  return Uint8Array.from(positions, (place) => (place < 0 ? 0 : (valid?.[place] ?? 1)));
}
