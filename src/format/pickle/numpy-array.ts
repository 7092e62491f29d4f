/** Numpy's arrays while a pickle is read: dtype, shape and bytes, made into typed arrays in one row and in this machine's order. */
import { PickledArray, type PickledArrayValues } from "./array.ts";
import { Draft } from "./draft.ts";
import { malformed, notSupported } from "./fault.ts";
import type { Budget } from "./limits.ts";
import { bytesOfLatin1 } from "./literals.ts";
import { decodeNumbers, fixedBytes, fixedTexts } from "./numpy-values.ts";
import { wholeNumber } from "./plain-classes.ts";

/** `numpy.dtype`: what one value is. */
export class DtypeDraft extends Draft {
  /** Its kind, as numpy abbreviates it: b i u f c m M O S U V. */
  readonly kind: string;
  itemSize: number;
  isBigEndian = false;
  /** Of times: `"ns"`, or `"25s"` for steps of more than one. */
  unit = "generic";

  constructor(code: unknown) {
    super();
    const text = code === "?" || code === "<?" || code === ">?" ? "b1" : code;
    const known = typeof text === "string" ? /^([<>=|]?)([biufcmMOSUV])(\d*)(?:\[(\w+)\])?$/.exec(text) : null;
    if (known === null) throw notSupported(`numpy values of type ${JSON.stringify(code)?.slice(0, 20)}`);
    const [, order, kind, size, unit] = known;
    this.kind = kind as string;
    this.itemSize = Number(size) * (kind === "U" ? 4 : 1);
    this.isBigEndian = order === ">";
    if (unit !== undefined) this.unit = unit;
  }

  override setState(state: unknown): void {
    if (!Array.isArray(state)) throw malformed("a dtype has no state");
    const [, order, parts, names, fields, size, , , details] = state;
    if (parts !== null || (names ?? null) !== null || (fields ?? null) !== null || this.kind === "V")
      throw notSupported("a numpy array of records (a structured dtype)", "write its fields as arrays of their own");
    this.isBigEndian = order === ">" || (order instanceof Uint8Array && order[0] === 0x3e);
    if (typeof size === "number" && size >= 0) this.itemSize = wholeNumber(size, 0, 2 ** 31);
    if (Array.isArray(details) && Array.isArray(details[1])) this.#setUnit(details[1]);
  }

  #setUnit([unit, count]: readonly unknown[]): void {
    const name = unit instanceof Uint8Array ? Buffer.from(unit).toString("latin1") : unit;
    if (typeof name !== "string" || !/^(?:generic|Y|M|W|D|h|m|s|ms|us|μs|ns|ps|fs|as)$/.test(name))
      throw malformed("the unit of a time is none");
    const steps = wholeNumber(count, 1, 2 ** 31);
    this.unit = steps === 1 ? name : `${steps}${name}`;
  }

  /** As numpy says it. */
  get name(): string {
    const { kind, itemSize } = this;
    if (kind === "b") return "bool";
    if (kind === "O") return "object";
    if (kind === "U" || kind === "S") return kind === "U" ? "str" : "bytes";
    if (kind === "M" || kind === "m") return `${kind === "M" ? "datetime64" : "timedelta64"}[${this.unit}]`;
    return `${kind === "i" ? "int" : kind === "u" ? "uint" : kind === "f" ? "float" : "complex"}${8 * itemSize}`;
  }

  finish(): never {
    throw notSupported(`the dtype ${this.name} by itself`);
  }
}

/** `numpy.ndarray`. */
export class ArrayDraft extends Draft {
  readonly #budget: Budget;
  shape: readonly number[] = [];
  dtype: DtypeDraft | undefined;
  isFortran = false;
  data: Uint8Array | readonly unknown[] = [];
  /** The dtype that it is called by, where that is another than its values are kept in. */
  renamed: string | undefined;
  #values: PickledArrayValues | undefined;

  constructor(budget: Budget) {
    super();
    this.#budget = budget;
  }

  override setState(state: unknown): void {
    if (!Array.isArray(state)) throw malformed("an array has no state");
    const [shape, dtype, isFortran, data] = state.length === 5 ? state.slice(1) : state;
    this.fill(shape, dtype, isFortran === true || isFortran === 1, data);
  }

  fill(shape: unknown, dtype: unknown, isFortran: boolean, data: unknown): void {
    if (!(dtype instanceof DtypeDraft)) throw malformed("an array has no dtype");
    if (!Array.isArray(shape) || shape.length > 64) throw malformed("an array has no shape");
    this.shape = shape.map((length) => wholeNumber(length, 0, Number.MAX_SAFE_INTEGER));
    this.dtype = dtype;
    this.isFortran = isFortran;
    const bytes = typeof data === "string" ? bytesOfLatin1(data) : data;
    if (dtype.kind === "O" ? !Array.isArray(bytes) : !(bytes instanceof Uint8Array))
      throw malformed("an array has no values");
    this.data = bytes as Uint8Array | readonly unknown[];
    this.#values = undefined;
  }

  get length(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  get known(): DtypeDraft {
    if (this.dtype === undefined) throw malformed("an array was never filled");
    return this.dtype;
  }

  /** As numpy says its type. */
  get name(): string {
    return this.renamed ?? this.known.name;
  }

  /** In one row, C order. Computed once. */
  values(): PickledArrayValues {
    this.#values ??= this.#decode();
    return this.#values;
  }

  #decode(): PickledArrayValues {
    const { data, length, known: dtype } = this;
    // objects are pickled in C order, whatever the array's own is
    if (!(data instanceof Uint8Array)) {
      if (data.length !== length) throw malformed("an array has more or fewer values than its shape");
      return data;
    }
    if (data.length !== length * dtype.itemSize) throw malformed("an array has more or fewer bytes than its shape");
    if (dtype.itemSize === 0 && length > 1000) throw notSupported("an array of many values without a size");
    this.#budget.spend(2 * data.length + 8);
    const ordered = this.isFortran && this.shape.length > 1 ? cOrder(data, this.shape, dtype.itemSize) : data;
    if (dtype.kind === "U" || dtype.kind === "S") this.#budget.spend(40 * length);
    if (dtype.kind === "U") return fixedTexts(ordered, length, dtype.itemSize, dtype.isBigEndian);
    if (dtype.kind === "S") return fixedBytes(ordered, length, dtype.itemSize);
    return decodeNumbers(ordered, dtype);
  }

  finish(): PickledArray {
    const values = this.values();
    // the list is the pickle's own, and what is settled in it would be seen by others
    return new PickledArray(this.name, this.shape, this.data instanceof Uint8Array ? values : [...values]);
  }
}

/** Values that lie column by column, row by row. */
function cOrder(data: Uint8Array, shape: readonly number[], itemSize: number): Uint8Array {
  const width = [8, 4, 2].find((size) => itemSize % size === 0) ?? 1;
  const from = wordsOf(data.byteOffset % width === 0 ? data : data.slice(), width);
  const out = new Uint8Array(data.length);
  const to = wordsOf(out, width);
  const words = itemSize / width;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, words));
  // the last axis is the inner loop: it has one stride in each
  const inner = shape[shape.length - 1] ?? 1;
  const stride = strides[shape.length - 1] ?? words;
  const position = shape.map(() => 0);
  let start = 0;
  for (let at = 0; at < to.length; ) {
    for (let step = 0, read = start; step < inner; step++, read += stride)
      for (let word = 0; word < words; word++) to[at++] = from[read + word] as number;
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      const length = shape[axis] as number;
      const next = (position[axis] as number) + 1;
      start += strides[axis] as number;
      position[axis] = next === length ? 0 : next;
      if (next < length) break;
      start -= (strides[axis] as number) * length;
    }
  }
  return out;
}

/** Floats of 64 bits are moved as they are: nothing is computed with them. */
function wordsOf(bytes: Uint8Array, width: number): Float64Array | Uint32Array | Uint16Array | Uint8Array {
  const { buffer, byteOffset, length } = bytes;
  if (width === 8) return new Float64Array(buffer, byteOffset, length / 8);
  if (width === 4) return new Uint32Array(buffer, byteOffset, length / 4);
  return width === 2 ? new Uint16Array(buffer, byteOffset, length / 2) : bytes;
}
