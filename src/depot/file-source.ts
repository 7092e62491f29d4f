/**
 * Where the bytes of an open file come from, and how they are read one after the other: little at first, then more, so
 * that five lines cost kilobytes and a whole file few requests.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { Bytes, ObjectInfo } from "../store/index.ts";
import { decodeStream, encodingsOf } from "./compression.ts";
import type { DecompressOptions } from "./options.ts";

/** The first request of a sequential read, and the largest; each is four times the one before, bytes. */
const firstChunkBytes = 64 * 1024;
const largestChunkBytes = 8 * 1024 * 1024;

/** One version of one object, to be read anywhere. */
export interface FileSource {
  readonly uri: string;
  /** The name that suffixes are read from. */
  readonly key: string;
  readonly info: Pick<ObjectInfo, "etag" | "sizeBytes" | "contentEncoding">;
  /** Reads `[start, end)`, both within the object. Error: precondition-failed when the object is another version now. */
  read(start: number, end: number, signal: AbortSignal | undefined): Promise<Bytes>;
  close(): Promise<void>;
  /** Asks for memory for one chunk: what gives it back, `undefined` when the depot holds too much. Default: none is counted. */
  takeMemory?(bytes: number): (() => void) | undefined;
}

/** Bytes `[start, end)`. Error: changed when the object is another version now. */
export async function readSpan(
  source: FileSource,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  if (start === end) return new Uint8Array(0);
  try {
    return await source.read(start, end, signal);
  } catch (error) {
    if (!isEntrepotError(error, "precondition-failed")) throw error;
    const { uri } = source;
    throw new EntrepotError("changed", `${uri} was replaced while it was open`, {
      uri,
      cause: error,
      hint: "open it again",
    });
  }
}

/** The stored bytes in order. Nothing is read ahead. */
export async function* storedChunks(
  source: FileSource,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Bytes> {
  let step = firstChunkBytes;
  for (let at = start; at < end; step = Math.min(step * 4, largestChunkBytes)) {
    const giveBack = source.takeMemory?.(Math.min(step, end - at));
    if (giveBack === undefined && source.takeMemory !== undefined) step = firstChunkBytes;
    const next = Math.min(at + step, end);
    try {
      yield await readSpan(source, at, next, signal);
    } finally {
      giveBack?.();
    }
    at = next;
  }
}

/** The bytes in order, decoded as the suffix or the caller says. */
export function decodedChunks(
  source: FileSource,
  options: DecompressOptions,
  signal: AbortSignal | undefined,
): AsyncIterable<Bytes> {
  const stored = storedChunks(source, 0, source.info.sizeBytes, signal);
  return decodeStream(stored, encodingsOf(source, source.info, options.decompress ?? "by-suffix"), source.uri, options);
}
