/** Text as polars reads it: UTF-8 without a byte order mark, lines that end in line feeds, and JSON one value to a line. */
import type { ReadableFile } from "../../disk/index.ts";
import { bytesOfText, type TextEncoding, textPieces } from "../../format/index.ts";
import { splitValues } from "../../table/index.ts";
import { refuseForeignText } from "./foreign-text.ts";

export interface TextShape {
  readonly format: "csv" | "jsonl" | "json";
  readonly encoding: TextEncoding | undefined;
}

/** What tells how it is written. */
const sniffedBytes = 256 * 1024;

/** Whether text that lies there would come out of `plainText` as something else. */
export async function textChangesOf(file: ReadableFile, shape: TextShape, uri: string): Promise<boolean> {
  if (shape.encoding !== undefined && shape.encoding !== "utf-8") return true;
  const bytes = Buffer.alloc(Math.min(sniffedBytes, file.stat.sizeBytes));
  const head = bytes.subarray(0, await file.read(bytes, 0));
  refuseForeignText(head, shape.format, uri);
  if (hasOldLineEnds(head)) return true;
  if (shape.format === "csv") return false;
  return hasMark(head) || (shape.format === "json" && !isLines(head));
}

export async function* plainText(
  chunks: AsyncIterable<Uint8Array>,
  { format, encoding = "utf-8" }: TextShape,
  uri: string,
): AsyncGenerator<Uint8Array> {
  const text = encoding === "utf-8" ? chunks : inUtf8(chunks, encoding, uri);
  const { head, all: given } = await peeked(text, format !== "json");
  if (encoding === "utf-8") refuseForeignText(head, format, uri);
  const all = hasOldLineEnds(head) ? withLineFeeds(given) : given;
  if (format === "csv") return yield* all;
  const plain = hasMark(head) ? without(all, 3) : all;
  if (format === "jsonl" || isLines(hasMark(head) ? head.subarray(3) : head)) yield* plain;
  else yield* splitValues(plain, uri);
}

async function* inUtf8(
  chunks: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  uri: string,
): AsyncGenerator<Uint8Array> {
  for await (const piece of textPieces(chunks, { encoding, uri })) yield bytesOfText(piece);
}

function hasMark(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

/** Whether the first line is a whole value. */
function isLines(head: Buffer): boolean {
  const text = head.toString("utf8").trimStart();
  if (text.startsWith("[")) return false;
  const end = text.indexOf("\n");
  // a first line that is longer than what is looked at is no pretty print
  if (end === -1) return true;
  try {
    JSON.parse(text.slice(0, end));
    return true;
  } catch {
    return false;
  }
}

/** Carriage returns alone, as on a Mac before 2001. */
function hasOldLineEnds(head: Buffer): boolean {
  return !head.includes(0x0a) && head.includes(0x0d) && /\r/.test(head.toString("latin1").replace(/"[^"]*"/g, ""));
}

async function* withLineFeeds(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isQuoted = false;
  for await (const chunk of chunks)
    yield chunk.map((byte) => {
      if (byte === 0x22) isQuoted = !isQuoted;
      return byte === 0x0d && !isQuoted ? 0x0a : byte;
    });
}

/** With `isLine`, no more than has a line end. */
async function peeked(chunks: AsyncIterable<Uint8Array>, isLine: boolean) {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  let done = false;
  while (size < sniffedBytes && !done) {
    const next = await iterator.next();
    done = next.done === true;
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.byteLength;
    if (isLine && next.value.includes(0x0a)) break;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      if (!done) yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(first).subarray(0, sniffedBytes), all: all() };
}

async function* without(chunks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    const cut = Math.min(left, chunk.byteLength);
    left -= cut;
    if (chunk.byteLength > cut) yield chunk.subarray(cut);
  }
}
