/**
 * Random access to one version of an object. What is read first decides the version; a later replacement is `changed`,
 * never a mixture.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { jsonOf, linesOf, textOf } from "../format/index.ts";
import { type ByteRange, type ByteStream, type Bytes, type ObjectInfo, toWebStream } from "../store/index.ts";
import { decodeBytes, decodeStream, encodingsOf } from "./compression.ts";
import type { DataFile, Json } from "./depot.ts";
import type { CallOptions, DecodeOptions } from "./options.ts";

/** The first request of a sequential read, and how much larger each next one is, bytes. */
const firstChunkBytes = 64 * 1024;
const largestChunkBytes = 8 * 1024 * 1024;

/** Where the bytes of a `DataFile` come from. */
export interface FileSource {
  readonly uri: string;
  /** The name that suffixes are read from. */
  readonly key: string;
  readonly info: Pick<ObjectInfo, "etag" | "sizeBytes" | "contentEncoding">;
  /** Reads `[start, end)`, both within the object. Error: precondition-failed when the object is another version now. */
  read(start: number, end: number, signal: AbortSignal | undefined): Promise<Bytes>;
  close(): Promise<void>;
}

/** A file over a source; closes it when closed. */
export function openDataFile(source: FileSource, inherited: AbortSignal | undefined): DataFile {
  const { uri, info } = source;
  const size = info.sizeBytes;
  let closed = false;

  async function readSpan(start: number, end: number, signal: AbortSignal | undefined): Promise<Bytes> {
    if (closed) throw new TypeError(`${uri} was closed`);
    if (start === end) return new Uint8Array(0);
    try {
      return await source.read(start, end, signal ?? inherited);
    } catch (error) {
      if (!isEntrepotError(error, "precondition-failed")) throw error;
      throw new EntrepotError("changed", `${uri} was replaced while it was open`, {
        uri,
        cause: error,
        hint: "open it again",
      });
    }
  }

  const bytes = (options: CallOptions = {}) => readSpan(0, size, options.signal);
  const file: DataFile = {
    uri,
    etag: info.etag,
    byteLength: size,
    read(range, options = {}) {
      const { start, end } = within(range, size, uri);
      return readSpan(start, end, options.signal);
    },
    bytes,
    async slice(start, end = size) {
      const from = fromEnd(start, size);
      const span = await readSpan(from, Math.max(from, fromEnd(end, size)), undefined);
      return span.buffer.byteLength === span.byteLength ? span.buffer : span.slice().buffer;
    },
    stream: (range): ByteStream =>
      toWebStream(chunks(range === undefined ? { start: 0, end: size } : within(range, size, uri), undefined)),
    async text() {
      return textOf(await decoded("by-suffix"), { uri });
    },
    async json() {
      return jsonOf(await decoded("by-suffix"), { uri }) as Json;
    },
    lines: (options: DecodeOptions = {}) => {
      const { decompress = "by-suffix", encoding, signal } = options;
      const stored = chunks({ start: 0, end: size }, signal);
      return linesOf(decodeStream(stored, encodingsOf(source, info, decompress), uri), { encoding, uri });
    },
    async close() {
      if (closed) return;
      closed = true;
      await source.close();
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
  return file;

  async function decoded(decompress: NonNullable<DecodeOptions["decompress"]>): Promise<Uint8Array> {
    return decodeBytes(await bytes(), encodingsOf(source, info, decompress), uri);
  }

  async function* chunks(
    span: { readonly start: number; readonly end: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Bytes> {
    let step = firstChunkBytes;
    for (let at = span.start; at < span.end; step = Math.min(step * 4, largestChunkBytes)) {
      const end = Math.min(at + step, span.end);
      yield await readSpan(at, end, signal);
      at = end;
    }
  }
}

function within(range: ByteRange, size: number, uri: string): { readonly start: number; readonly end: number } {
  if (range.suffix !== undefined) return { start: Math.max(0, size - range.suffix), end: size };
  if (!(range.start >= 0) || (range.end !== undefined && range.end < range.start))
    throw new RangeError(`no range: ${range.start} to ${range.end}`);
  if (range.start > size)
    throw new EntrepotError("invalid-range", `${uri} has ${size} bytes; the range starts at ${range.start}`, { uri });
  return { start: range.start, end: Math.min(range.end ?? size, size) };
}

/** As `slice` counts: negative from the end. */
function fromEnd(position: number, size: number): number {
  return position < 0 ? Math.max(0, size + position) : Math.min(position, size);
}
