/** Which dtypes the values of a column may bear: what `writePickle` would write as something else is refused when it is made. */
import type { PickledColumn } from "./column.ts";

/** By the arrays of numbers; Arrow's names, which end in [pyarrow], are its own. */
const numbers: readonly (readonly [new (...args: never[]) => ArrayLike<unknown>, readonly string[]])[] = [
  [Int8Array, ["int8"]],
  [Int16Array, ["int16"]],
  [Int32Array, ["int32"]],
  [BigInt64Array, ["int64"]],
  [Uint8Array, ["uint8"]],
  [Uint16Array, ["uint16"]],
  [Uint32Array, ["uint32"]],
  [BigUint64Array, ["uint64"]],
  [Float32Array, ["float32", "float16"]],
  [Float64Array, ["float64", "float16"]],
];

/** TypeError for a dtype that is none of the values'. */
export function assertDtype(column: PickledColumn): void {
  if (typeof column.dtype !== "string") throw new TypeError(`${named(column)} has no dtype`);
  const allowed = allowedOf(column);
  if (column.dtype.endsWith("[pyarrow]") || allowed === undefined || allowed.includes(column.dtype)) return;
  throw new TypeError(
    `${named(column)} has the dtype ${JSON.stringify(column.dtype)}, and values of ${allowed.join(" or ")}`,
  );
}

const named = ({ name, kind }: PickledColumn): string => `column ${String(name)} (kind ${JSON.stringify(kind)})`;

/** `undefined`: any. */
function allowedOf(column: PickledColumn): readonly string[] | undefined {
  switch (column.kind) {
    case "number":
    case "bigint": {
      const plain = numbers.find(([Type]) => column.values instanceof Type)?.[1];
      if (plain === undefined) throw new TypeError(`${named(column)} has values that are no typed array of numbers`);
      return plain.flatMap((name) => [name, nullableName(name)]);
    }
    case "boolean":
      return ["bool", "boolean"];
    case "time": {
      const { unit, timeZone } = column;
      return [timeZone === undefined ? `datetime64[${unit}]` : `datetime64[${unit}, ${timeZone}]`];
    }
    case "duration":
      return [`timedelta64[${column.unit}]`];
    case "string":
      return ["str", "string"];
    case "category":
      return ["category"];
    default:
      return undefined;
  }
}

/** `Int64` for `int64`, `UInt8` for `uint8`. */
function nullableName(dtype: string): string {
  return dtype.startsWith("uint") ? `UInt${dtype.slice(4)}` : `${dtype.slice(0, 1).toUpperCase()}${dtype.slice(1)}`;
}
