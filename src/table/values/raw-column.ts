/** The buffers of a column of a frame, the batches that it comes in put together. */
import type { ArrowColumn } from "./arrow.ts";

type Numbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A number for each row, anything where it is missing. Of `frame.writeIPC()`, so that it may be kept as it is. */
export function numbersOf<T extends Numbers>(column: ArrowColumn<unknown>, empty: T): T {
  const parts = column.data.map(({ values, length }) => (values as T).subarray(0, length) as T);
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const all = new (empty.constructor as new (length: number) => T)(column.length);
  let at = 0;
  for (const part of parts) {
    all.set(part as never, at);
    at += part.length;
  }
  return all;
}

/** 1 where there is a value, 0 where there is none; `undefined` where none is missing. */
export function validOf(column: ArrowColumn<unknown>): Uint8Array | undefined {
  if (column.nullCount === 0) return undefined;
  return bytesOfBits(column, ({ validity, nullCount }) => (nullCount === 0 ? undefined : validity));
}

/** 1 for true, 0 for false. */
export function flagsOf(column: ArrowColumn<unknown>): Uint8Array {
  return bytesOfBits(column, ({ values }) => values as Uint8Array);
}

type Batch = ArrowColumn<unknown>["data"][number];

function bytesOfBits(column: ArrowColumn<unknown>, bitsOf: (batch: Batch) => Uint8Array | undefined): Uint8Array {
  const bytes = new Uint8Array(column.length);
  let first = 0;
  for (const batch of column.data) {
    const bits = bitsOf(batch);
    if (bits === undefined) bytes.fill(1, first, first + batch.length);
    else for (let row = 0; row < batch.length; row += 1) bytes[first + row] = ((bits[row >> 3] ?? 0) >> (row & 7)) & 1;
    first += batch.length;
  }
  return bytes;
}

export interface Utf8Column {
  readonly bytes: Uint8Array;
  readonly offsets: Float64Array;
  readonly length: number;
  readonly valid: Uint8Array | undefined;
}

/** Texts as polars writes them: sixteen bytes each, that hold a short text or say where a long one lies. */
export function utf8Of(column: ArrowColumn<unknown>): Utf8Column {
  const valid = validOf(column);
  const { length } = column;
  const offsets = new Float64Array(length + 1);
  const views = column.data.map(viewsOf);
  let end = 0;
  let at = 0;
  for (const { view, rows } of views)
    for (let row = 0; row < rows; row += 1) {
      if (valid?.[at] !== 0) end += view.getInt32(16 * row, true);
      at += 1;
      offsets[at] = end;
    }
  const bytes = Buffer.allocUnsafe(end);
  at = 0;
  for (const { view, rows, short, long } of views)
    for (let row = 0; row < rows; row += 1) {
      const [start, stop] = [offsets[at] as number, offsets[at + 1] as number];
      at += 1;
      const size = stop - start;
      if (size === 0) continue;
      const from = size <= 12 ? short : (long[view.getInt32(16 * row + 8, true)] as Uint8Array);
      let source = size <= 12 ? 16 * row + 4 : view.getInt32(16 * row + 12, true);
      for (let to = start; to < stop; to += 1) bytes[to] = from[source++] as number;
    }
  return { bytes, offsets, length, valid };
}

/** Texts of a batch, each where it lies: `of(bytes, start, end)` is asked for each that is there, until it says no. */
export function everyText(
  batch: Batch,
  of: (bytes: Uint8Array, start: number, end: number, row: number) => boolean,
): boolean {
  const { view, rows, short, long } = viewsOf(batch);
  const { validity, nullCount } = batch;
  for (let row = 0; row < rows; row += 1) {
    if (nullCount > 0 && (((validity[row >> 3] as number) >> (row & 7)) & 1) === 0) continue;
    const size = view.getInt32(16 * row, true);
    const bytes = size <= 12 ? short : (long[view.getInt32(16 * row + 8, true)] as Uint8Array);
    const start = size <= 12 ? 16 * row + 4 : view.getInt32(16 * row + 12, true);
    if (!of(bytes, start, start + size, row)) return false;
  }
  return true;
}

/** `data` of flechette's batches of views. */
function viewsOf(batch: Batch) {
  const { values, length, data: long } = batch as Batch & { readonly data: readonly Uint8Array[] };
  const short = values as Uint8Array;
  return { rows: length, short, long, view: new DataView(short.buffer, short.byteOffset, short.byteLength) };
}
