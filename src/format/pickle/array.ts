/** A numpy array as data: its values in one row, its shape beside them. Not an array library: nothing is computed on it. */
import type { NumberArray } from "./frame.ts";

/** What an array's values are kept in, by its dtype. */
export type PickledArrayValues =
  | NumberArray
  | BigInt64Array
  | BigUint64Array
  | readonly string[]
  | readonly Uint8Array[]
  | readonly unknown[];

export class PickledArray {
  /**
   * As numpy says it: `"int8"` … `"uint64"`, `"float16"` (widened to float32), `"float32"`, `"float64"`, `"complex64"` and `"complex128"`
   * (pairs), `"bool"` (0 or 1), `"datetime64[ns]"` and `"timedelta64[D]"` (whole units, NaT is -2^63), `"str"`, `"bytes"`, `"object"`.
   */
  readonly dtype: string;
  /** Lengths of the axes; none of a single value. */
  readonly shape: readonly number[];
  /** Row by row (C order), in the machine's order of bytes, whatever the pickle had. */
  readonly values: PickledArrayValues;

  /** RangeError when there are more or fewer values than the shape says. */
  constructor(dtype: string, shape: readonly number[], values: PickledArrayValues) {
    const places = shape.reduce((product, length) => product * length, dtype.startsWith("complex") ? 2 : 1);
    if (values.length !== places)
      throw new RangeError(`an array of shape (${shape.join(", ")}) has ${places} values, not ${values.length}`);
    this.dtype = dtype;
    this.shape = shape;
    this.values = values;
  }
}
