/**
 * A small Parquet file in memory that holds some columns of one row group of a large one: their bytes as they are, and the footer
 * rewritten to say where they now lie. polars decodes it as it would the whole.
 */
import type { Chunk, Footer, RowGroup } from "./footer.ts";
import { structOf } from "./footer.ts";
import { type Fields, type Value, writeStruct } from "./thrift.ts";

export interface Piece {
  readonly start: number;
  readonly bytes: Uint8Array;
}

const magic = Buffer.from("PAR1", "latin1");

/** `pieces` hold all bytes of `chunks`, which are of `group`. The columns that are left out must not be asked for. */
export function miniFile(footer: Footer, group: RowGroup, chunks: readonly Chunk[], pieces: readonly Piece[]): Buffer {
  const wanted = new Set(chunks);
  const parts: Uint8Array[] = [magic];
  let at = magic.length;
  const moved = group.chunks.map((chunk) => {
    if (!wanted.has(chunk)) return chunk.fields;
    const bytes = bytesOf(chunk, pieces);
    const shift = at - chunk.start;
    parts.push(bytes);
    at += bytes.byteLength;
    return shifted(chunk.fields, shift);
  });
  const fields = new Map(footer.fields);
  const rowGroup = new Map(group.fields);
  rowGroup.set(1, listOf(moved));
  // where the row group begins, and its size on the disk, are of no use any more
  rowGroup.delete(5);
  rowGroup.delete(6);
  return assembled(parts, fields, BigInt(group.rows), [rowGroup]);
}

/** The columns of a file with none of its rows. */
export function emptyFile(footer: Footer): Buffer {
  return assembled([magic], new Map(footer.fields), 0n, []);
}

function assembled(
  parts: readonly Uint8Array[],
  fields: Map<number, Value>,
  rows: bigint,
  groups: readonly Fields[],
): Buffer {
  fields.set(3, { type: "i64", value: rows });
  fields.set(4, listOf(groups));
  const written = writeStruct(fields);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(written.byteLength);
  return Buffer.concat([...parts, written, length, magic]);
}

function bytesOf(chunk: Chunk, pieces: readonly Piece[]): Uint8Array {
  const piece = pieces.find(({ start, bytes }) => start <= chunk.start && chunk.end <= start + bytes.byteLength);
  if (piece === undefined) throw new TypeError("a column chunk was not fetched");
  return piece.bytes.subarray(chunk.start - piece.start, chunk.end - piece.start);
}

/** Without page and column indexes and Bloom filters, which stayed behind. */
function shifted(fields: Fields, shift: number): Fields {
  const moved = new Map(fields);
  for (const index of [4, 5, 6, 7]) moved.delete(index);
  const meta = new Map(structOf(fields.get(3)));
  for (const offset of [9, 10, 11]) {
    const value = meta.get(offset);
    if (value?.type !== "i64") continue;
    // a dictionary at 0 is none
    if (value.value > 0n) meta.set(offset, { type: "i64", value: value.value + BigInt(shift) });
  }
  for (const filter of [14, 15]) meta.delete(filter);
  moved.set(2, { type: "i64", value: 0n });
  moved.set(3, { type: "struct", fields: meta });
  return moved;
}

function listOf(items: readonly Fields[]): Value {
  return { type: "list", of: 12, items: items.map((fields) => ({ type: "struct", fields })) };
}
