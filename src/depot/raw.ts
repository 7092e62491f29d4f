/**
 * Stored bytes in and out: whole, in ranges, as streams. Nothing is decoded unless the caller says so.
 */
import {
  type BodySink,
  type ByteRange,
  type ByteStream,
  type Bytes,
  type ReadBytes,
  readBytes,
  readStream,
  type ReadOptions as StoreReadOptions,
  toWebStream,
} from "../store/index.ts";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { assertMayWrite, conditionOf, lenient, signalOf, withProgress } from "./calls.ts";
import { decodeBytes, decodeStream, encodeBytes, encodeStream, encodingsOf, namedFor } from "./compression.ts";
import { contentTypeOf } from "./content-type.ts";
import type { Context, Place } from "./context.ts";
import type { DecodeOptions, EncodeOptions, OnError, OnWriteError, ReadOptions, WriteSettings } from "./options.ts";
import { mergeRanges } from "./ranges.ts";
import { spool } from "./spool.ts";

/** The stored bytes of a place with what the store says of them, through the cache unless told otherwise. */
export async function readPlace(context: Context, place: Place, options: ReadOptions = {}): Promise<ReadBytes> {
  const signal = signalOf(context, options);
  const { cache = "use", onProgress } = options;
  const request = { signal, versionId: place.versionId };
  const through =
    place.cached === undefined || cache === "bypass" ? place.store : { read: readThrough(place.cached, cache) };
  if (onProgress === undefined) return readBytes(through, place.key, request);
  return readBytes(
    {
      read: async (key: string, sink: BodySink, given?: StoreReadOptions) =>
        through.read(key, withProgress(sink, place.uri, onProgress), given),
    },
    place.key,
    request,
  );
}

type CachedStore = NonNullable<Place["cached"]>;
const readThrough =
  (cached: CachedStore, cache: "use" | "refresh"): CachedStore["read"] =>
  async (key, sink, options) =>
    cached.read(key, sink, { ...options, cache });

export async function readBytesOf(
  context: Context,
  from: Address,
  options: DecodeOptions<OnError> = {},
): Promise<Bytes | undefined> {
  return lenient(context, options.onError, async () => {
    const place = await context.place(from, "read");
    const { bytes, result } = await readPlace(context, place, options);
    const { decompress = false } = options;
    return decompress === false ? bytes : decodeBytes(bytes, encodingsOf(place, result.info, decompress), place.uri);
  });
}

/** Writes bytes that are stored as they are given; the one way in for every value verb. */
export async function writeStored(
  context: Context,
  place: Place,
  bytes: Uint8Array,
  options: WriteSettings & { readonly ifMatch?: string; readonly ifNoneMatch?: "*" | undefined } = {},
): Promise<Written> {
  const condition = conditionOf(options);
  const signal = signalOf(context, options);
  assertMayWrite(context, place);
  const store = place.cached ?? place.store;
  const { etag, sizeBytes, versionId } = await store.write(place.key, bytes, {
    signal,
    contentType: options.contentType ?? contentTypeOf(place.key),
    metadata: options.metadata,
    ...condition,
  });
  options.onProgress?.({
    uri: place.uri,
    doneObjects: 1,
    totalObjects: 1,
    doneBytes: sizeBytes,
    totalBytes: sizeBytes,
  });
  return { uri: place.uri, etag, sizeBytes, versionId };
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
    return writeStored(context, place, await encodeBytes(view, place, options.compress ?? false), options);
  });
}

export async function readRangeOf(
  context: Context,
  from: Address,
  range: ByteRange,
  options: ReadOptions<"throw"> = {},
): Promise<Bytes> {
  checkRange(range);
  const place = await context.place(from, "read");
  return (await readRangeAt(context, place, range, options)).bytes;
}

export async function readRangesOf(
  context: Context,
  from: Address,
  ranges: readonly ByteRange[],
  options: ReadOptions<"throw"> = {},
): Promise<Bytes[]> {
  for (const range of ranges) checkRange(range);
  if (ranges.length === 0) return [];
  const place = await context.place(from, "read");
  const open = ranges.some((range) => range.suffix !== undefined || range.end === undefined);
  // only then is the size needed to know which ranges are neighbours
  const size =
    open && ranges.length > 1
      ? (
          await (place.cached ?? place.store).stat(place.key, {
            signal: signalOf(context, options),
            versionId: place.versionId,
          })
        ).sizeBytes
      : undefined;
  const plan = mergeRanges(ranges, size);
  const [first, ...rest] = plan.fetches;
  if (first === undefined) return plan.cut([]);
  const head = await readRangeAt(context, place, first, options);
  const others = await Promise.all(
    rest.map((range) => readRangeAt(context, place, range, options, head.result.info.etag)),
  );
  return plan.cut([head.bytes, ...others.map((other) => other.bytes)]);
}

function readRangeAt(context: Context, place: Place, range: ByteRange, options: ReadOptions, ifMatch?: string) {
  const { cache = "use" } = options;
  const request = { signal: signalOf(context, options), versionId: place.versionId, range, ifMatch };
  if (place.cached === undefined || cache === "bypass") return readBytes(place.store, place.key, request);
  return readBytes({ read: readThrough(place.cached, cache) }, place.key, request);
}

function checkRange(range: ByteRange): void {
  const numbers = range.suffix === undefined ? [range.start, range.end ?? range.start] : [range.suffix];
  for (const number of numbers)
    if (!Number.isSafeInteger(number) || number < 0)
      throw new RangeError(`a range is made of whole numbers from 0, not ${number}`);
  if (range.suffix === undefined && range.end !== undefined && range.end < range.start)
    throw new RangeError(`a range that ends (${range.end}) before it starts (${range.start})`);
}

export function readStreamOf(
  context: Context,
  from: Address,
  options: DecodeOptions<"throw"> & { readonly range?: ByteRange | undefined } = {},
): ByteStream {
  if (options.range !== undefined) checkRange(options.range);
  return toWebStream(streamPlace(context, from, options));
}

async function* streamPlace(
  context: Context,
  from: Address,
  options: DecodeOptions<"throw"> & { readonly range?: ByteRange | undefined },
): AsyncGenerator<Bytes> {
  const place = await context.place(from, "read");
  const { cache = "use", decompress = false, range, onProgress } = options;
  const through =
    place.cached === undefined || cache === "bypass" ? place.store : { read: readThrough(place.cached, cache) };
  const read: typeof through =
    onProgress === undefined
      ? through
      : {
          read: async (key: string, sink: BodySink, given?: StoreReadOptions) =>
            through.read(key, withProgress(sink, place.uri, onProgress), given),
        };
  const chunks = readStream(read, place.key, { signal: signalOf(context, options), versionId: place.versionId, range });
  yield* decompress === false ? chunks : decodeStream(chunks, encodingsOf(place, {}, decompress), place.uri);
}

export async function writeStreamOf(
  context: Context,
  to: Address,
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  options: EncodeOptions<"throw"> = {},
): Promise<Written> {
  const condition = conditionOf(options);
  const place = await namedFor(context, await context.place(to, "write"), options.compress ?? false);
  assertMayWrite(context, place);
  const signal = signalOf(context, options);
  const spooled = await spool(context, encodeStream(source, place, options.compress ?? false), signal);
  try {
    const store = place.cached ?? place.store;
    const { etag, sizeBytes, versionId } = await store.write(place.key, spooled, {
      signal,
      contentType: options.contentType ?? contentTypeOf(place.key),
      metadata: options.metadata,
      ...condition,
    });
    options.onProgress?.({
      uri: place.uri,
      doneObjects: 1,
      totalObjects: 1,
      doneBytes: sizeBytes,
      totalBytes: sizeBytes,
    });
    return { uri: place.uri, etag, sizeBytes, versionId };
  } finally {
    await spooled.close();
  }
}
