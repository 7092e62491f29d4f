/**
 * Random access to one version of an object. What is read first decides the version; a later replacement is `changed`,
 * never a mixture.
 */
import { jsonOf, linesOf, textOf } from "../format/index.ts";
import { type ByteStream, type Bytes, resolveRange, toWebStream } from "../store/index.ts";
import { decodeBytes, encodingsOf } from "./compression.ts";
import type { DataFile } from "./depot.ts";
import { decodedChunks, type FileSource, readSpan, storedChunks } from "./file-source.ts";
import { joinSignals } from "./join-signals.ts";
import type { DecompressOptions, SignalOptions } from "./options.ts";
import type { Json } from "./verb-types.ts";

/** A file over a source; closes it when closed. What `inherited` says holds for every call on it. */
export function openDataFile(source: FileSource, inherited: AbortSignal | undefined): DataFile {
  const { uri, info } = source;
  const size = info.sizeBytes;
  let closed = false;

  async function span(start: number, end: number, own: AbortSignal | undefined): Promise<Bytes> {
    const signal = opened(own);
    const bytes = await readSpan(source, start, end, signal);
    signal?.throwIfAborted();
    return bytes;
  }

  const bytes = async (options: SignalOptions = {}) => span(0, size, options.signal);
  const file: DataFile = {
    uri,
    etag: info.etag,
    byteLength: size,
    async read(range, options = {}) {
      const { start, end } = resolveRange(range, size, uri);
      return span(start, end, options.signal);
    },
    bytes,
    async slice(start, end = size) {
      const from = fromEnd(start, size);
      const part = await span(from, Math.max(from, fromEnd(end, size)), undefined);
      return part.buffer.byteLength === part.byteLength ? part.buffer : part.slice().buffer;
    },
    stream(range, options = {}): ByteStream {
      const signal = opened(options.signal);
      const { start, end } = resolveRange(range, size, uri);
      return toWebStream(storedChunks(source, start, end, signal));
    },
    async text(options = {}) {
      return textOf(await decoded(options), { encoding: options.encoding, uri });
    },
    async json(options = {}) {
      return jsonOf(await decoded(options), { uri }) as Json;
    },
    lines(options = {}) {
      const { encoding } = options;
      return linesOf(decodedChunks(source, options, opened(options.signal)), { encoding, uri });
    },
    async close() {
      if (closed) return;
      closed = true;
      await source.close();
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
  return file;

  /** The signal of a call on a file that is still open. */
  function opened(own: AbortSignal | undefined): AbortSignal | undefined {
    if (closed) throw new TypeError(`${uri} was closed`);
    const signal = joinSignals(inherited, own);
    signal?.throwIfAborted();
    return signal;
  }

  async function decoded(options: SignalOptions & DecompressOptions): Promise<Uint8Array> {
    return decodeBytes(
      await bytes(options),
      encodingsOf(source, info, options.decompress ?? "by-suffix"),
      uri,
      options,
    );
  }
}

/** As `slice` counts: negative from the end. */
function fromEnd(position: number, size: number): number {
  return position < 0 ? Math.max(0, size + position) : Math.min(position, size);
}
