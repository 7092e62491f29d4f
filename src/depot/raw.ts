/**
 * Stored bytes in and out: whole, in ranges, as streams. Nothing is decoded unless the caller says so.
 */
import { EntrepotError, isEntrepotError, kindOfValue, wrongValue } from "../error/index.ts";
import {
  type ByteRange,
  type ByteStream,
  type Bytes,
  checkRange,
  type ObjectInfo,
  type Readable,
  type ReadBytes,
  readBytes,
  readStream,
  toWebStream,
} from "../store/index.ts";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { abortable } from "./abortable.ts";
import { assertMayReplace, conditionOf, lenient, signalOf, withProgress } from "./calls.ts";
import { decodeBytes, decodeStream, encodeBytes, encodeStream, encodingsOf, namedFor } from "./compression.ts";
import type { Context, Place } from "./context.ts";
import { joinSignals } from "./join-signals.ts";
import type {
  BytesReadOptions,
  EncodeOptions,
  OnError,
  OnWriteError,
  ReadOptions,
  VersionReadOptions,
} from "./options.ts";
import { publish } from "./publish.ts";
import { mergeRanges } from "./ranges.ts";

/** The stored bytes of a place with what the store says of them, through the cache unless told otherwise. */
export async function readPlace(
  context: Context,
  place: Place,
  options: ReadOptions & Pick<VersionReadOptions, "ifMatch"> = {},
): Promise<ReadBytes> {
  const signal = signalOf(context, options);
  const { ifMatch } = options;
  return readBytes(readableOf(place, options), place.key, { signal, versionId: place.versionId, ifMatch });
}

/** Where a call reads from: the cache or the store behind it, with progress told where the caller wants it. */
export function readableOf(place: Place, { cache = "use", onProgress }: ReadOptions): Readable {
  const { cached, store } = place;
  const through = cached === undefined || cache === "bypass" ? store : { read: readThrough(cached, cache) };
  if (onProgress === undefined) return through;
  return {
    read: async (key, sink, given) => through.read(key, withProgress(sink, place.uri, onProgress), given),
  };
}

type CachedStore = NonNullable<Place["cached"]>;
const readThrough =
  (cached: CachedStore, cache: "use" | "refresh"): CachedStore["read"] =>
  async (key, sink, options) =>
    cached.read(key, sink, { ...options, cache });

export async function readBytesOf(
  context: Context,
  from: Address,
  options: VersionReadOptions<OnError> = {},
): Promise<Bytes | undefined> {
  return lenient(context, options.onError, async () => {
    const place = await context.place(from, "read");
    const { bytes, result } = await readPlace(context, place, options);
    const { decompress = false } = options;
    return decompress === false
      ? bytes
      : decodeBytes(bytes, encodingsOf(place, result.info, decompress), place.uri, options);
  });
}

export async function writeBytesOf(
  context: Context,
  to: Address,
  bytes: Uint8Array | ArrayBuffer,
  options: EncodeOptions<OnWriteError> = {},
): Promise<Written | undefined> {
  if (!(bytes instanceof Uint8Array) && !(bytes instanceof ArrayBuffer))
    throw new TypeError(
      `writeBytes takes a Uint8Array or an ArrayBuffer, not ${bytes === null ? "null" : typeof bytes}`,
    );
  const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  return lenient(context, options.onError, async () => {
    const place = await namedFor(context, await context.place(to, "write"), options.compress ?? false);
    return publish(context, place, await encodeBytes(view, place, options.compress ?? false), options);
  });
}

export async function readRangeOf(
  context: Context,
  from: Address,
  range: ByteRange,
  options: ReadOptions<"throw"> = {},
): Promise<Bytes> {
  if (range === undefined) throw new TypeError("readRange() takes a range: { start, end } or { suffix }");
  checkRange(range);
  const place = await context.place(from, "read");
  const request = { signal: signalOf(context, options), versionId: place.versionId, range };
  return (await readBytes(readableOf(place, options), place.key, request)).bytes;
}

export async function readRangesOf(
  context: Context,
  from: Address,
  ranges: readonly ByteRange[],
  options: ReadOptions<"throw"> = {},
): Promise<Bytes[]> {
  if (!Array.isArray(ranges)) throw wrongValue("the second argument", "readRanges()", "an array of ranges", ranges);
  for (const range of ranges) checkRange(range);
  if (ranges.length === 0) return [];
  const place = await context.place(from, "read");
  const known = await knownVersion(context, place, ranges, options);
  const plan = mergeRanges(ranges, known?.sizeBytes);
  const [first, ...rest] = plan.fetches;
  if (first === undefined) return plan.cut([]);
  const stop = new AbortController();
  const signal = joinSignals(signalOf(context, options), stop.signal);
  const onProgress = sumOf(plan.fetches.length, place.uri, options.onProgress);
  const readOne = (range: ByteRange, ifMatch: string | undefined) =>
    readBytes(readableOf(place, { cache: options.cache, onProgress: onProgress?.() }), place.key, {
      signal,
      versionId: place.versionId,
      range,
      ifMatch,
    });
  try {
    const head = await readOne(first, known?.etag);
    const others = await Promise.all(rest.map((range) => readOne(range, head.result.info.etag)));
    return plan.cut([head.bytes, ...others.map((other) => other.bytes)]);
  } catch (error) {
    throw isEntrepotError(error, "precondition-failed")
      ? new EntrepotError("changed", `${place.uri} was replaced between two of its ranges`, {
          uri: place.uri,
          cause: error,
          hint: "read the ranges again",
        })
      : error;
  } finally {
    // what the others would still bring is for nobody
    stop.abort();
  }
}

/** Progress of several fetches told as that of one object; the total is known once all have begun. */
function sumOf(
  fetches: number,
  uri: string,
  onProgress: ReadOptions["onProgress"],
): (() => NonNullable<ReadOptions["onProgress"]>) | undefined {
  if (onProgress === undefined) return undefined;
  const parts = new Set<{ doneBytes: number; totalBytes: number | undefined; done: boolean }>();
  return () => {
    const part = { doneBytes: 0, totalBytes: undefined as number | undefined, done: false };
    return (progress) => {
      parts.add(Object.assign(part, progress, { done: progress.doneObjects === 1 }));
      let doneBytes = 0;
      let totalBytes = 0;
      for (const each of parts) {
        doneBytes += each.doneBytes;
        totalBytes += each.totalBytes ?? 0;
      }
      const all = parts.size === fetches;
      const done = all && [...parts].every((each) => each.done);
      onProgress({
        uri,
        doneObjects: done ? 1 : 0,
        totalObjects: 1,
        doneBytes,
        totalBytes: all ? totalBytes : undefined,
      });
    };
  };
}

/** Size and version, where the size is needed to know which ranges are neighbours. */
async function knownVersion(
  context: Context,
  place: Place,
  ranges: readonly ByteRange[],
  options: ReadOptions,
): Promise<Pick<ObjectInfo, "sizeBytes" | "etag"> | undefined> {
  const isOpen = ranges.some((range) => range.suffix !== undefined || range.end === undefined);
  if (!isOpen || ranges.length === 1) return undefined;
  const { cache = "use" } = options;
  const request = { signal: signalOf(context, options), versionId: place.versionId };
  if (place.cached === undefined || cache === "bypass") return place.store.stat(place.key, request);
  return place.cached.stat(place.key, { ...request, cache });
}

export function readStreamOf(
  context: Context,
  from: Address,
  options: BytesReadOptions<"throw"> & { readonly range?: ByteRange | undefined } = {},
): ByteStream {
  if (options.range !== undefined) checkRange(options.range);
  return toWebStream(streamPlace(context, from, options));
}

async function* streamPlace(
  context: Context,
  from: Address,
  options: BytesReadOptions<"throw"> & { readonly range?: ByteRange | undefined },
): AsyncGenerator<Bytes> {
  const place = await context.place(from, "read");
  const { decompress = false, range } = options;
  const stop = new AbortController();
  const signal = joinSignals(signalOf(context, options), stop.signal);
  // a stream that is left half read would keep `close` waiting for its connection
  const forget = context.whenClosed((reason) => stop.abort(reason));
  const request = { signal, versionId: place.versionId, range };
  let info: Pick<ObjectInfo, "contentEncoding"> = {};
  const chunks = readStream(readableOf(place, options), place.key, request, {
    onStart: (started) => {
      info = started;
    },
  });
  try {
    if (decompress === false) return yield* chunks;
    // only the answer says how the body is encoded
    const first = await chunks.next();
    yield* decodeStream(resumed(first, chunks), encodingsOf(place, info, decompress), place.uri, options);
  } finally {
    forget();
    await chunks.return();
  }
}

async function* resumed(first: IteratorResult<Bytes, void>, rest: AsyncGenerator<Bytes, void, void>) {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

export async function writeStreamOf(
  context: Context,
  to: Address,
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  options: EncodeOptions<"throw"> = {},
): Promise<Written> {
  checkSource(source);
  conditionOf(options);
  const { compress = false } = options;
  const place = await namedFor(context, await context.place(to, "write"), compress);
  assertMayReplace(context, place);
  const signal = signalOf(context, options);
  let opened = false;
  const open = () => {
    opened = true;
    return encodeStream(abortable(source, signal), place, compress);
  };
  try {
    return await publish(context, place, { sizeBytes: undefined, open }, options);
  } catch (error) {
    // Whoever made the stream learns that nobody will read it.
    if (!opened && "cancel" in source) void source.cancel(error).catch(() => undefined);
    throw error;
  }
}

/** What can be iterated, but for text and bytes, whose items are characters and numbers. */
function checkSource(source: unknown): void {
  const isObject = typeof source === "object" && source !== null;
  if (isObject && !ArrayBuffer.isView(source) && (Symbol.asyncIterator in source || Symbol.iterator in source)) return;
  const hint =
    isObject && "body" in source
      ? "pass response.body"
      : isObject && "stream" in source
        ? "pass blob.stream()"
        : typeof source === "string"
          ? "writeText() takes text"
          : "writeBytes() takes bytes";
  throw new TypeError(
    `writeStream() takes a ReadableStream or an async iterable of bytes, not ${kindOfValue(source)}: ${hint}`,
  );
}
