/** A column of a pandas frame as data, by its kind: typed values, and what pandas calls their type. */

/** Whole numbers of at most 32 bits, and floats. */
export type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** What a unit of time is counted in. */
export type TimeUnit = "s" | "ms" | "us" | "ns";

/** What stands for "not a time" (NaT) among times and durations: -2^63. */
export const notATime: bigint = -(2n ** 63n);

interface AnyColumn {
  /** Mostly a string; any label that pandas allows: a number, `null`, an array (frozen) below several levels of columns. */
  readonly name: unknown;
  /** As pandas says it: `"int64"`, `"Int64"`, `"bool"`, `"datetime64[ns, Europe/Vienna]"`, `"str"`, `"category"`, `"object"` … */
  readonly dtype: string;
}

/** Columns that may have gaps: pandas' nullable types. */
interface Nullable {
  /** 1 where there is a value, 0 where pandas has `NA`; absent when none is missing. As long as `values`. */
  readonly valid?: Uint8Array | undefined;
}

/** `int8` to `int32`, `uint8` to `uint32`, `float16` (widened), `float32`, `float64`, and the nullable ones of the same names. */
export interface PickledNumbers extends AnyColumn, Nullable {
  readonly kind: "number";
  readonly values: NumberArray;
}
/** `int64`, `uint64`, `Int64`, `UInt64`. */
export interface PickledBigInts extends AnyColumn, Nullable {
  readonly kind: "bigint";
  readonly values: BigInt64Array | BigUint64Array;
}
/** `bool` and `boolean`: 0 or 1. */
export interface PickledBooleans extends AnyColumn, Nullable {
  readonly kind: "boolean";
  readonly values: Uint8Array;
}
/** `datetime64`: units since 1970, in UTC when there is a zone, else of the wall clock. `notATime` is none. */
export interface PickledTimes extends AnyColumn {
  readonly kind: "time";
  readonly values: BigInt64Array;
  readonly unit: TimeUnit;
  /** An IANA name, `"UTC"`, or an offset such as `"+02:00"`; `undefined`: no zone. */
  readonly timeZone?: string | undefined;
  /** How often the rows of an index come, where pandas knows it: the name of its offset, such as `"Day"`, and its arguments. */
  readonly freq?: { readonly offset: string; readonly args: readonly (number | boolean | null)[] } | undefined;
}
/** `timedelta64`: units. `notATime` is none. */
export interface PickledDurations extends AnyColumn {
  readonly kind: "duration";
  readonly values: BigInt64Array;
  readonly unit: TimeUnit;
}
/** Texts one after the other, as Arrow keeps them. */
export interface PickledTexts {
  readonly bytes: Uint8Array;
  /** One more than there are texts: text `i` is `[offsets[i], offsets[i + 1])` of `bytes`. */
  readonly offsets: Float64Array | Int32Array;
  readonly length: number;
  /** 0 where there is none; absent when none is missing. */
  readonly valid?: Uint8Array | undefined;
}
/** `string`, `str` and Arrow's strings; `null` is none. */
export interface PickledStrings extends AnyColumn {
  readonly kind: "string";
  readonly values: readonly (string | null)[];
  /** The same, undecoded, where the pickle has them so (pandas 3 with pyarrow); then `values` is decoded when first looked at. */
  readonly utf8?: PickledTexts | undefined;
}
/** `category`: for each row the position in `categories`, -1 for none. */
export interface PickledCategories extends AnyColumn {
  readonly kind: "category";
  readonly values: Int32Array;
  readonly categories: PickledColumn;
  readonly ordered: boolean;
}
/** `object`: whatever Python had, each value as `readPickle` gives it; `null` for None, NA and NaT. NaN stays. */
export interface PickledObjects extends AnyColumn {
  readonly kind: "object";
  readonly values: readonly unknown[];
}

/** One column; `kind` says what `values` are. All columns of a frame are equally long. */
export type PickledColumn =
  | PickledNumbers
  | PickledBigInts
  | PickledBooleans
  | PickledTimes
  | PickledDurations
  | PickledStrings
  | PickledCategories
  | PickledObjects;
