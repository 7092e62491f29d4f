/**
 * Arrow bytes that polars does not take as they are: pandas writes the code -1 for a category that is missing, and zones may be
 * offsets that are in no list of zones. They are held in memory and changed there.
 */
import * as zlib from "node:zlib";
import { CompressionType, setCompressionCodec, type Table, Type } from "@uwdata/flechette";
import { EntrepotError } from "../../error/index.ts";
import type { DataFrame, Polars } from "../engine.ts";
import { columnsExpr } from "../rows/expression.ts";
import { type ArrowColumn, arrowTable } from "../values/arrow.ts";
import { FlatTable } from "./flatbuffer.ts";
import { frameOfColumns } from "./frame-of-columns.ts";
import { unlz4 } from "./lz4.ts";
import { withKnownZones } from "./schema-kinds.ts";

/** Changes the bytes of a whole file or stream. */
export function mendZones(bytes: Buffer, isStream: boolean): void {
  const [start, end] = isStream
    ? [8, 8 + bytes.readInt32LE(4)]
    : [bytes.length - 10 - bytes.readInt32LE(bytes.length - 10), bytes.length - 10];
  const schema = FlatTable.root(bytes.subarray(start, end)).table(isStream ? 2 : 1);
  if (schema !== undefined) withKnownZones(schema);
}

/** Whether polars stopped at a code of no category. */
export function isMissingCode(error: unknown): boolean {
  return error instanceof Error && /dictionary key must fit/.test(error.message);
}

/** Columns of the bytes of a whole file or stream, which are changed. Errors: malformed, unsupported for zstd that this Node does not read. */
export function withMissingCodes(...args: Parameters<typeof mendedFrame>): DataFrame {
  try {
    return mendedFrame(...args);
  } catch (error) {
    if (error instanceof EntrepotError) throw error;
    const uri = args[4];
    throw new EntrepotError("malformed", `${uri} is a damaged Arrow file: its categories cannot be read`, {
      uri,
      cause: error,
      hint: "was it written to its end? copy it anew from where it was made",
    });
  }
}

function mendedFrame(
  pl: Polars,
  bytes: Buffer,
  isStream: boolean,
  asked: readonly string[] | undefined,
  uri: string,
): DataFrame {
  const table = decoded(bytes, uri);
  const names = asked ?? table.schema.fields.map(({ name }) => name);
  const coded = new Set(table.schema.fields.flatMap(({ name, type }) => (holdsCodes(type) ? [name] : [])));
  const [others, mended] = [names.filter((name) => !coded.has(name)), names.filter((name) => coded.has(name))];
  const frame = frameOfColumns(
    pl,
    mended.map((name) => [name, mendedColumn(table, name)]),
  );
  if (others.length === 0) return frame;
  const rest = isStream
    ? (pl.readIPCStream(bytes, { columns: others }) as DataFrame)
    : pl.readIPC(bytes, { columns: others });
  return pl.concat([rest, frame], { how: "horizontal" }).select(...columnsExpr(pl, names)) as DataFrame;
}

interface Nested {
  readonly typeId: number;
  readonly children?: readonly { readonly type: Nested }[];
}

function holdsCodes(type: Nested): boolean {
  return type.typeId === Type.Dictionary || (type.children ?? []).some((child) => holdsCodes(child.type));
}

interface Codes {
  readonly type: Nested;
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array;
  readonly values: Int8Array | Int16Array | Int32Array | BigInt64Array;
  readonly children?: readonly Codes[];
}

function mendedColumn(table: Table, name: string): ArrowColumn<unknown> {
  const column = table.getChild(name) as ArrowColumn<unknown>;
  for (const batch of column.data) mendCodes(batch as unknown as Codes);
  return column;
}

/** What stands where nothing is means nothing, and 0 is a code that there is. */
function mendCodes({ type, length, nullCount, validity, values, children }: Codes): void {
  for (const child of children ?? []) mendCodes(child);
  if (type.typeId !== Type.Dictionary || nullCount === 0) return;
  for (let row = 0; row < length; row += 1)
    if ((((validity[row >> 3] as number) >> (row & 7)) & 1) === 0)
      values[row] = (values instanceof BigInt64Array ? 0n : 0) as never;
}

function decoded(bytes: Buffer, uri: string): Table {
  const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array };
  const encode = (): never => {
    throw new TypeError("nothing is compressed here");
  };
  setCompressionCodec(CompressionType.LZ4_FRAME, { decode: unlz4, encode });
  if (zstdDecompressSync !== undefined)
    setCompressionCodec(CompressionType.ZSTD, { decode: (part) => zstdDecompressSync(part), encode });
  try {
    return arrowTable(bytes);
  } catch (error) {
    if (!/codec/i.test(String(error))) throw error;
    throw new EntrepotError("unsupported", `${uri} has missing categories and is compressed with zstd`, {
      uri,
      cause: error,
      hint: "Node 22.15 reads it; or write it with lz4, without compression, or as Parquet",
    });
  }
}
