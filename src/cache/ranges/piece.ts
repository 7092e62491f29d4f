/**
 * The file of a piece: some blocks of one version, with all that is needed to believe them. A first line of fixed length, the
 * head as JSON, the bytes. What does not match its own sums or its own name is no piece. Pure.
 */
import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { isStrongEtag, type ObjectInfo } from "../../store/index.ts";
import { type RangeName, rangeName, readRangeName } from "../layout.ts";

/** Pieces are made of these, bytes: what the first request of a sequential read brings, and most footers. */
export const pieceBlockBytes: number = 64 * 1024;
/** The most that one piece holds, blocks: it is put together in memory. */
export const mostBlocks = 16;
/** How much of a file holds the head of most pieces. */
export const headBytes: number = 8 * 1024;
/** Longer heads are not written: some servers allow metadata without end. */
export const mostHeadBytes: number = 64 * 1024;

export interface PieceHead {
  readonly entry: string;
  readonly uri: string;
  readonly info: ObjectInfo;
  readonly blockBytes: number;
  readonly first: number;
  readonly count: number;
  /** The CRC-32 of each block, 8 hexadecimal digits each. */
  readonly blocks: string;
  /** When the server gave these bytes, milliseconds since 1970: the version was the current one then. */
  readonly fetchedMs: number;
}

const start = "entrepot piece 1 ";
const lineBytes = start.length + 6 + 1 + 64 + 1;

/** Where block `index` of an object begins and ends. */
export function blockSpan(index: number, sizeBytes: number): { readonly start: number; readonly end: number } {
  return { start: index * pieceBlockBytes, end: Math.min((index + 1) * pieceBlockBytes, sizeBytes) };
}

/** The file of `bytes`, which begin at block `first` and end at the end of a block or of the object; `undefined` when the head is too long. */
export function formatPiece(
  { entry, uri, info, fetchedMs }: Pick<PieceHead, "entry" | "uri" | "info" | "fetchedMs">,
  first: number,
  bytes: Uint8Array,
): { readonly name: string; readonly head: Uint8Array; readonly bytes: Uint8Array } | undefined {
  const count = Math.ceil(bytes.byteLength / pieceBlockBytes);
  const sums = Array.from({ length: count }, (_, index) => {
    const at = index * pieceBlockBytes;
    return crc32(bytes.subarray(at, at + pieceBlockBytes))
      .toString(16)
      .padStart(8, "0");
  });
  const head: PieceHead = {
    entry,
    uri,
    info,
    blockBytes: pieceBlockBytes,
    first,
    count,
    blocks: sums.join(""),
    fetchedMs,
  };
  const text = Buffer.from(`${JSON.stringify(head)}\n`);
  if (lineBytes + text.byteLength > mostHeadBytes) return undefined;
  const line = `${start}${String(text.byteLength).padStart(6, "0")} ${hash("sha256", text)}\n`;
  return { name: rangeName(entry, info.etag, first, count), head: Buffer.concat([Buffer.from(line), text]), bytes };
}

/** How many bytes the head takes, by the first of them; `undefined` when this is no piece. */
export function headLength(bytes: Uint8Array): number | undefined {
  const line = textOf(bytes.subarray(0, lineBytes));
  if (!line.startsWith(start) || !/^\d{6} [0-9a-f]{64}\n$/.test(line.slice(start.length))) return undefined;
  const length = lineBytes + Number(line.slice(start.length, start.length + 6));
  return length <= mostHeadBytes ? length : undefined;
}

/** The head of the piece that bears `name`, of `headLength` bytes and a file of `fileBytes`; `undefined` for anything else. */
export function parseHead(bytes: Uint8Array, name: string, fileBytes: number): PieceHead | undefined {
  const text = bytes.subarray(lineBytes);
  if (textOf(bytes.subarray(lineBytes - 65, lineBytes - 1)) !== hash("sha256", text)) return undefined;
  const named = readRangeName(name);
  try {
    const head: unknown = JSON.parse(textOf(text));
    if (named === undefined || !isHead(head) || !isNamed(head, name, named)) return undefined;
    const end = Math.min((head.first + head.count) * pieceBlockBytes, head.info.sizeBytes);
    return bytes.byteLength + end - head.first * pieceBlockBytes === fileBytes ? head : undefined;
  } catch {
    return undefined;
  }
}

function isNamed(head: PieceHead, name: string, { first, count }: RangeName): boolean {
  const isWithin = first * pieceBlockBytes < head.info.sizeBytes && count > 0;
  return isWithin && rangeName(head.entry, head.info.etag, head.first, head.count) === name && head.first === first;
}

function isHead(value: unknown): value is PieceHead {
  if (!isObject(value) || !isObject(value["info"])) return false;
  const { entry, uri, info, blockBytes, first, count, blocks, fetchedMs } = value;
  const { key, etag, sizeBytes, modifiedMs } = info;
  const numbers = [first, count, fetchedMs, sizeBytes, modifiedMs];
  return (
    [entry, uri, blocks, key, etag].every((text) => typeof text === "string") &&
    numbers.every(Number.isFinite) &&
    blockBytes === pieceBlockBytes &&
    isStrongEtag(String(etag)) &&
    String(blocks).length === Number(count) * 8
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
