/** Columns by position: how levels of an index become columns. */
import { malformed } from "./fault.ts";
import { notATime, type PickledColumn } from "./frame.ts";

/** The column's values at these positions; -1 is none. */
export function taken(column: PickledColumn, positions: readonly number[]): PickledColumn {
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
