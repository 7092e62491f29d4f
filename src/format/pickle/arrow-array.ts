/** Arrow's arrays inside a pickle (pandas 3 keeps its texts in them): buffers, made into values. Flat types alone. */
import { Part } from "./draft.ts";
import { malformed, notSupported } from "./fault.ts";
import type { PickledColumn, TimeUnit } from "./frame.ts";
import type { Budget } from "./limits.ts";
import { wholeNumber } from "./plain-classes.ts";
import { textColumn } from "./text-column.ts";

/** What a column is without its name and dtype. */
type Values = PickledColumn extends infer C ? (C extends PickledColumn ? Omit<C, "name" | "dtype"> : never) : never;

/** Values of an array, or of the chunks of one. Faults: malformed, unsupported for types of several levels. */
export function arrowValues(array: unknown, budget: Budget): Values {
  const chunks = array instanceof Part && array.type === "pyarrow.ChunkedArray" ? array.args[0] : [array];
  if (!Array.isArray(chunks)) throw malformed("an Arrow array has no chunks");
  if (chunks.length === 0) return { kind: "string", values: [] };
  const parts = chunks.map((chunk) => chunkValues(chunk, budget));
  return parts.length === 1 ? (parts[0] as Values) : joined(parts);
}

/** `int64` of `type_for_alias("int64")`, for dtypes. */
export function arrowTypeName(type: unknown): string {
  if (!(type instanceof Part) || type.type !== "pyarrow.DataType") throw malformed("an Arrow array has no type");
  return String(type.args[0]);
}

function joined(parts: readonly Values[]): Values {
  if (!parts.every((part) => part.kind === "string")) throw notSupported("an Arrow array in several chunks");
  return { kind: "string", values: parts.flatMap(({ values }) => values as readonly (string | null)[]) };
}

interface Chunk {
  readonly length: number;
  readonly offset: number;
  readonly buffers: readonly unknown[];
}

function chunkValues(array: unknown, budget: Budget): Values {
  const data = array instanceof Part && array.type === "pyarrow.Array" ? array.args[0] : undefined;
  if (!Array.isArray(data)) throw malformed("an Arrow array has no data");
  const [type, length, , offset, buffers, children, dictionary] = data;
  const name = arrowTypeName(type);
  if (!Array.isArray(buffers) || (Array.isArray(children) && children.length > 0) || (dictionary ?? null) !== null)
    throw notSupported(`an Arrow array of ${name}`);
  const most = 2 ** 40;
  const chunk = { length: wholeNumber(length, 0, most), offset: wholeNumber(offset, 0, most), buffers };
  if (name === "string" || name === "large_string") return texts(chunk, name === "string" ? 4 : 8, budget);
  return numbers(chunk, name, budget);
}

function bufferAt({ buffers }: Chunk, at: number, least: number): Uint8Array {
  const buffer = buffers[at] ?? new Uint8Array();
  if (!(buffer instanceof Uint8Array) || buffer.length < least) throw malformed("a buffer of an Arrow array is short");
  return buffer;
}

/** 1 for each value that is there; `undefined` when all are. */
function validity(chunk: Chunk, budget: Budget): Uint8Array | undefined {
  if ((chunk.buffers[0] ?? null) === null) return undefined;
  return bits(chunk, 0, budget);
}

function bits(chunk: Chunk, at: number, budget: Budget): Uint8Array {
  const { length, offset } = chunk;
  const buffer = bufferAt(chunk, at, Math.ceil((offset + length) / 8));
  budget.spend(length);
  return Uint8Array.from(
    { length },
    (_, item) => ((buffer[(offset + item) >> 3] as number) >> ((offset + item) & 7)) & 1,
  );
}

function texts(chunk: Chunk, width: 4 | 8, budget: Budget): Values {
  const { length, offset } = chunk;
  if (length === 0) return { kind: "string", values: [] };
  const places = bufferAt(chunk, 1, (offset + length + 1) * width);
  const bytes = bufferAt(chunk, 2, 0);
  budget.spend(60 * length + bytes.length);
  const valid = validity(chunk, budget);
  const view = new DataView(places.buffer, places.byteOffset, places.byteLength);
  const offsets = new Float64Array(length + 1);
  for (let item = 0, at = offset * width; item <= length; item++, at += width)
    offsets[item] = view.getUint32(at, true) + (width === 8 ? view.getUint32(at + 4, true) * 2 ** 32 : 0);
  // its values are decoded when they are asked for
  return textColumn(null, "str", { bytes, offsets, length, valid });
}

const makers = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float: Float32Array,
  double: Float64Array,
};

function numbers(chunk: Chunk, name: string, budget: Budget): Values {
  const valid = validity(chunk, budget);
  if (name === "bool") return { kind: "boolean", values: bits(chunk, 1, budget), valid };
  const unit = /^(timestamp|duration)\[(s|ms|us|ns)(?:, tz=([^\]]+))?\]$/.exec(name);
  const Maker = unit === null ? makers[name as keyof typeof makers] : BigInt64Array;
  if (Maker === undefined)
    throw notSupported(`an Arrow array of ${name}`, "change it to a plain pandas column in Python");
  const { length, offset } = chunk;
  const size = Maker.BYTES_PER_ELEMENT;
  const buffer = bufferAt(chunk, 1, (offset + length) * size);
  budget.spend(length * size);
  const values = new Maker(buffer.slice(offset * size, (offset + length) * size).buffer);
  if (unit !== null) return times(values as BigInt64Array, valid, unit);
  return values instanceof BigInt64Array || values instanceof BigUint64Array
    ? { kind: "bigint", values, valid }
    : { kind: "number", values, valid };
}

function times(
  values: BigInt64Array,
  valid: Uint8Array | undefined,
  [, kind, unit, timeZone]: RegExpExecArray,
): Values {
  valid?.forEach((isThere, at) => {
    if (isThere === 0) values[at] = -(2n ** 63n);
  });
  if (kind === "duration") return { kind: "duration", values, unit: unit as TimeUnit };
  return { kind: "time", values, unit: unit as TimeUnit, timeZone };
}
