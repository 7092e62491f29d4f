/**
 * Random access to one version of an object. What is read first decides the version; a later replacement is `changed`,
 * never a mixture.
 */
import { EntrepotError } from "../error/index.ts";
import { jsonOf, linesOf, textOf } from "../format/index.ts";
import { type ByteRange, type ByteStream, type Bytes, toWebStream } from "../store/index.ts";
import { decodeBytes, encodingsOf } from "./compression.ts";
import type { DataFile, Json } from "./depot.ts";
import { decodedChunks, type FileSource, readSpan, storedChunks } from "./file-source.ts";
import type { CallOptions, DecodeOptions } from "./options.ts";

/** A file over a source; closes it when closed. */
export function openDataFile(source: FileSource, inherited: AbortSignal | undefined): DataFile {
  const { uri, info } = source;
  const size = info.sizeBytes;
  let closed = false;

  async function span(start: number, end: number, signal: AbortSignal | undefined): Promise<Bytes> {
    assertOpen();
    return readSpan(source, start, end, signal ?? inherited);
  }

  const bytes = (options: CallOptions = {}) => span(0, size, options.signal);
  const file: DataFile = {
    uri,
    etag: info.etag,
    byteLength: size,
    async read(range, options = {}) {
      const { start, end } = within(range, size, uri);
      return span(start, end, options.signal);
    },
    bytes,
    async slice(start, end = size) {
      const from = fromEnd(start, size);
      const part = await span(from, Math.max(from, fromEnd(end, size)), undefined);
      return part.buffer.byteLength === part.byteLength ? part.buffer : part.slice().buffer;
    },
    stream(range): ByteStream {
      assertOpen();
      const { start, end } = range === undefined ? { start: 0, end: size } : within(range, size, uri);
      return toWebStream(storedChunks(source, start, end, inherited));
    },
    async text() {
      return textOf(await decoded(), { uri });
    },
    async json() {
      return jsonOf(await decoded(), { uri }) as Json;
    },
    lines(options: DecodeOptions = {}) {
      assertOpen();
      const { decompress, encoding, signal } = options;
      return linesOf(decodedChunks(source, decompress, signal ?? inherited), { encoding, uri });
    },
    async close() {
      if (closed) return;
      closed = true;
      await source.close();
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
  return file;

  function assertOpen(): void {
    if (closed) throw new TypeError(`${uri} was closed`);
  }

  async function decoded(): Promise<Uint8Array> {
    return decodeBytes(await bytes(), encodingsOf(source, info, "by-suffix"), uri);
  }
}

function within(range: ByteRange, size: number, uri: string): { readonly start: number; readonly end: number } {
  if (range.suffix !== undefined) return { start: Math.max(0, size - range.suffix), end: size };
  if (!(range.start >= 0) || (range.end !== undefined && range.end < range.start)) {
    throw new RangeError(`no range: ${range.start} to ${range.end}`);
  }
  if (range.start > size) {
    throw new EntrepotError("invalid-range", `${uri} has ${size} bytes; the range starts at ${range.start}`, { uri });
  }
  return { start: range.start, end: Math.min(range.end ?? size, size) };
}

/** As `slice` counts: negative from the end. */
function fromEnd(position: number, size: number): number {
  return position < 0 ? Math.max(0, size + position) : Math.min(position, size);
}
