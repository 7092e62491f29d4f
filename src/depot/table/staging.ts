/**
 * An object's table on this disk, as polars wants it: uncompressed, in UTF-8, one record to a line. What is so already is read
 * where it lies.
 */
import { randomUUID } from "node:crypto";
import { decode } from "../../codec/index.ts";
import type { FileStat, ReadableFile } from "../../disk/index.ts";
import { type LineShape, rowLines } from "../../table/index.ts";
import { signalOf } from "../calls.ts";
import { codecLimits, encodingsOf } from "../compression.ts";
import type { Context, Place } from "../context.ts";
import { copyAt } from "../files.ts";
import type { DecompressOptions, ReadOptions } from "../options.ts";
import { type HeadLimit, headChunks } from "./head.ts";
import { plainText, type TextShape, textChangesOf } from "./plain-text.ts";
import { replaced } from "./range-source.ts";

export interface StageOptions extends Pick<ReadOptions, "cache" | "signal" | "onProgress">, DecompressOptions {
  /** What kind of text it is; `undefined` for what is none. */
  readonly text?: TextShape | undefined;
  /** Records that are enough. */
  readonly head?: HeadLimit | undefined;
}

export interface Staged {
  /** Without characters that mean something in a pattern. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Error: changed when another file bears that name now, or it was written to. */
  check(cause?: unknown): Promise<void>;
  close(): Promise<void>;
}

const chunkBytes = 1024 * 1024;

/** Errors: those of a read; malformed for what cannot be decoded. */
export async function stage(context: Context, place: Place, options: StageOptions): Promise<Staged> {
  const { head, text } = options;
  if (head !== undefined && text !== undefined)
    return written(context, await headChunks(context, place, options, text, head));
  const copy = await copyAt(context, place, options);
  try {
    const encodings = encodingsOf(place, copy, options.decompress ?? "by-suffix");
    const file = await context.disk.openRead(copy.path, { followLinks: true });
    try {
      const isPlain = encodings.length === 0 && (text === undefined || !(await textChangesOf(file, text, place.uri)));
      const { sizeBytes } = file.stat;
      const check = (cause?: unknown) => checkSame(context, place, copy.path, file.stat, cause);
      if (isPlain && !hasPattern(copy.path)) return { path: copy.path, sizeBytes, check, close: () => copy.close() };
      if (isPlain) return { ...(await linked(context, copy.path, sizeBytes, () => copy.close())), check };
      const decoded = encodings.reduce<AsyncIterable<Uint8Array>>(
        (chunks, compression) => decode(compression, chunks, codecLimits(place.uri, options)),
        chunksOf(file, signalOf(context, options)),
      );
      const staged = await written(context, text === undefined ? decoded : plainText(decoded, text, place.uri));
      await copy.close();
      return staged;
    } finally {
      await file.close();
    }
  } catch (error) {
    await copy.close();
    throw error;
  }
}

/** polars looks for patterns and for `name=value` folders in the paths that it is given. */
function hasPattern(path: string): boolean {
  return /[*?[\]{}=]/.test(path);
}

/** polars opens a path for each of its steps, and who writes a table here may put a new one in its place between two of them. */
async function checkSame(context: Context, place: Place, path: string, before: FileStat, cause?: unknown) {
  // what the cache holds stays
  if (place.location.scheme !== "file") return;
  const now = await context.disk.stat(path, { followLinks: true }).catch(() => undefined);
  const isSame =
    now !== undefined &&
    (["device", "inode", "sizeBytes", "modifiedNs"] as const).every((field) => now[field] === before[field]);
  if (!isSame) throw replaced(place.uri, cause);
}

async function linked(
  context: Context,
  path: string,
  sizeBytes: number,
  close: () => Promise<void>,
): Promise<Omit<Staged, "check">> {
  const folder = await ownFolder(context);
  const link = `${folder}/table`;
  await context.disk.makeLink(link, path);
  return {
    path: link,
    sizeBytes,
    async close() {
      await context.disk.removeTree(folder);
      await close();
    },
  };
}

async function written(context: Context, chunks: AsyncIterable<Uint8Array>): Promise<Staged> {
  const folder = await ownFolder(context);
  try {
    const pending = await context.disk.createPending(folder, { mode: 0o600 });
    try {
      for await (const chunk of chunks) await pending.write(chunk);
      const { sizeBytes } = await pending.commit(`${folder}/table`);
      const close = async () => void (await context.disk.removeTree(folder));
      return { path: `${folder}/table`, sizeBytes, check: async () => undefined, close };
    } finally {
      await pending.discard();
    }
  } catch (error) {
    await context.disk.removeTree(folder);
    throw error;
  }
}

/** Where CSV lies without its blank lines, `undefined` for one that has none; for who removes that folder. */
export async function withoutBlankLines(
  context: Context,
  { path, uri }: { readonly path: string; readonly uri: string },
  shape: LineShape,
  signal: AbortSignal | undefined,
): Promise<Staged | undefined> {
  const file = await context.disk.openRead(path, { followLinks: true });
  try {
    if (!(await hasBlankLine(chunksOf(file, signal)))) return undefined;
    return await written(context, rowLines(chunksOf(file, signal), shape, uri));
  } finally {
    await file.close();
  }
}

/** Or text inside quotes that looks like one. */
async function hasBlankLine(chunks: AsyncIterable<Uint8Array>): Promise<boolean> {
  let before = Buffer.from("\n");
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([before, chunk]);
    if (bytes.includes("\n\n") || bytes.includes("\n\r\n")) return true;
    before = bytes.subarray(-2);
  }
  return false;
}

/** A folder for one table. */
export async function ownFolder(context: Context): Promise<string> {
  const folder = `${await context.scratchFolder()}/${randomUUID()}`;
  await context.disk.makeFolder(folder, 0o700);
  return folder;
}

export async function* chunksOf(
  file: ReadableFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; ; ) {
    signal?.throwIfAborted();
    const chunk = Buffer.allocUnsafeSlow(chunkBytes);
    const count = await file.read(chunk, at);
    if (count === 0) return;
    at += count;
    yield chunk.subarray(0, count);
  }
}

/** Of a file of this disk, which is open for as long as they are taken. */
export async function* chunksOfPath(
  context: Context,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await context.disk.openRead(path, { followLinks: true });
  try {
    yield* chunksOf(file, signal);
  } finally {
    await file.close();
  }
}

/** Line feeds in a file, one more for what stands behind the last. */
export async function linesOfFile(context: Context, path: string, signal: AbortSignal | undefined): Promise<number> {
  let lines = 1;
  for await (const chunk of chunksOfPath(context, path, signal))
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  return lines;
}
