/** How many columns a file says that it has, found without making any of them: a small file may have very many. */
import { FlatTable } from "../arrow/flatbuffer.ts";

/** Fields of columns that are groups count, too. Of an Arrow file or stream; `undefined` for what does not look like one. */
export function arrowWidth(bytes: Uint8Array, most: number): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const schema = buffer.toString("latin1", 0, 6) === "ARROW1" ? ofFooter(buffer) : ofFirstMessage(buffer);
    return schema && fieldsOf(schema, 1, most);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function ofFooter(buffer: Buffer): FlatTable | undefined {
  const end = buffer.length - 10;
  return FlatTable.root(buffer.subarray(end - buffer.readInt32LE(end), end)).table(1);
}

function ofFirstMessage(buffer: Buffer): FlatTable | undefined {
  const start = buffer.readInt32LE(0) === -1 ? 8 : 4;
  return FlatTable.root(buffer.subarray(start, start + buffer.readInt32LE(start - 4))).table(2);
}

/** Ends at more than `most`. */
function fieldsOf(parent: FlatTable, id: number, most: number): number {
  const own = parent.count(id);
  if (own > most) return own;
  let all = own;
  for (const field of parent.tables(id)) {
    if (all > most) break;
    all += fieldsOf(field, 5, most - all);
  }
  return all;
}

/**
 * By the beginning of a Parquet footer, 32 bytes of it: its version, then how many elements the schema has, of which one is the table
 * itself. `undefined` for one that begins otherwise.
 */
export function parquetWidth(footer: Uint8Array): number | undefined {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = footer[at++] ?? 0;
      value += (byte % 128) * shift;
      if (byte < 128) return value;
    }
  };
  // field 1, a number; field 2, a list of structs
  if (footer[at++] !== 0x15) return undefined;
  varint();
  if (footer[at++] !== 0x19) return undefined;
  const list = footer[at++] ?? 0;
  if (list % 16 !== 12) return undefined;
  return (list >= 0xf0 ? varint() : Math.floor(list / 16)) - 1;
}
