/** Arrays as numpy's own pickles have them: a new array, filled with its shape, type and bytes. Loaded by numpy 1 and 2. */
import type { PickledArray } from "./array.ts";
import { call, PythonCall, PythonName, PythonTuple } from "./python-call.ts";
import { splitTexts } from "./texts-to-python.ts";

/** By the class of the typed array. */
const codes: Readonly<Record<string, string>> = {
  ...{ Int8Array: "i1", Int16Array: "i2", Int32Array: "i4", BigInt64Array: "i8" },
  ...{ Uint8Array: "u1", Uint8ClampedArray: "u1", Uint16Array: "u2", Uint32Array: "u4", BigUint64Array: "u8" },
  ...{ Float32Array: "f4", Float64Array: "f8" },
};

type TypedArray = Exclude<PickledArray["values"], readonly unknown[]>;

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A column of values, one after the other. */
export function typedArrayToPython(values: TypedArray): PythonCall {
  return ofBytes(values, codeOf(values), [values.length]);
}

/** Flags and masks. */
export function boolsToPython(values: Uint8Array): PythonCall {
  return ofBytes(values, "?", [values.length]);
}

/** Whole units of `datetime64` (`M8`) or `timedelta64` (`m8`). */
export function timesToPython(values: BigInt64Array, kind: "M8" | "m8", unit: string): PythonCall {
  return ofBytes(values, `${kind}[${unit}]`, [values.length]);
}

/** Any values, in an array of objects. */
export function objectsToPython(values: readonly unknown[], shape: readonly number[] = [values.length]): PythonCall {
  const isTexts = values.every((value) => typeof value === "string");
  return filled("O", shape, (isTexts ? splitTexts(values as readonly string[]) : undefined) ?? [...values]);
}

export function arrayToPython({ dtype, shape, values }: PickledArray): PythonCall {
  if (dtype === "object") return objectsToPython(values as readonly unknown[], shape);
  if (dtype === "str" || dtype === "bytes") return textsToPython(values as readonly string[], dtype, shape);
  const typed = values as TypedArray;
  const unit = /^(datetime64|timedelta64)\[(.+)\]$/.exec(dtype);
  if (unit !== null) return ofBytes(typed, `${unit[1] === "datetime64" ? "M8" : "m8"}[${unit[2]}]`, shape);
  if (dtype === "bool") return ofBytes(typed, "?", shape);
  if (dtype === "complex64" || dtype === "complex128")
    return ofBytes(typed, dtype === "complex64" ? "c8" : "c16", shape);
  const array = ofBytes(typed, codeOf(typed), shape);
  return dtype === "float16" ? call("numpy", "ndarray.astype", array, "f2") : array;
}

function codeOf(values: TypedArray): string {
  const code = codes[values.constructor.name];
  if (code === undefined) throw new TypeError(`a ${values.constructor.name} cannot be pickled as a numpy array`);
  return code;
}

function ofBytes(values: TypedArray, code: string, shape: readonly number[]): PythonCall {
  const order = isLittleEndian ? "<" : ">";
  return filled(`${order}${code}`, shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** Texts and bytes of a fixed width: numpy finds the widest by itself. */
function textsToPython(values: readonly unknown[], dtype: "str" | "bytes", shape: readonly number[]): PythonCall {
  const array = call("numpy", "array", [...values], dtype === "str" ? "U" : "S");
  return call("numpy", "reshape", array, new PythonTuple(...shape));
}

function filled(code: string, shape: readonly number[], data: unknown): PythonCall {
  const dtype = call("numpy", "dtype", code);
  const state = new PythonTuple(1, new PythonTuple(...shape), dtype, false, data);
  return new PythonCall(new PythonName("numpy", "ndarray"), [new PythonTuple(0), "b"], state);
}
