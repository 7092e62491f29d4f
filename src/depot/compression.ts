/**
 * Which compressions a name or a header says, and bytes through them. Value verbs go by suffix; raw verbs only when told.
 */
import {
  type Compression,
  compressionsOfName,
  decode,
  decodeAll,
  encode,
  encodeAll,
  suffixOfCompression,
} from "../codec/index.ts";
import type { Bytes, ObjectInfo } from "../store/index.ts";
import { byteChunks } from "../store/index.ts";
import type { Context, Place } from "./context.ts";
import type { DecompressOptions, SignalOptions } from "./options.ts";
import { parseByteSize } from "./units.ts";

type Decompress = Compression | "by-suffix" | false;

/**
 * The compressions around a body, outermost first. `Content-Encoding: gzip` counts as one suffix level: it adds one only where
 * the name does not say it already.
 */
export function encodingsOf(
  place: { readonly key: string },
  info: Pick<ObjectInfo, "contentEncoding">,
  decompress: Decompress,
): readonly Compression[] {
  if (decompress === false) return [];
  if (decompress !== "by-suffix") return [decompress];
  const named = compressionsOfName(place.key);
  return named.length === 0 && info.contentEncoding === "gzip" ? ["gzip"] : named;
}

/** What decoding may give, and what ends it. */
export type DecodeLimits = Pick<DecompressOptions, "maxRatio" | "maxDecompressedBytes"> & SignalOptions;

/** The same for the codecs. */
export function codecLimits(
  uri: string,
  { maxRatio, maxDecompressedBytes, signal }: DecodeLimits,
): { uri: string; maxRatio: number | undefined; maxBytes: number | undefined; signal: AbortSignal | undefined } {
  const maxBytes = maxDecompressedBytes === undefined ? undefined : parseByteSize(maxDecompressedBytes);
  return { uri, maxRatio, maxBytes, signal };
}

export async function decodeBytes(
  bytes: Bytes,
  encodings: readonly Compression[],
  uri: string,
  limits: DecodeLimits = {},
): Promise<Bytes> {
  let current = bytes;
  for (const compression of encodings) current = await decodeAll(compression, current, codecLimits(uri, limits));
  return current;
}

export function decodeStream(
  source: AsyncIterable<Bytes>,
  encodings: readonly Compression[],
  uri: string,
  limits: DecodeLimits = {},
): AsyncIterable<Bytes> {
  return encodings.reduce((chunks, compression) => decode(compression, chunks, codecLimits(uri, limits)), source);
}

/** The place under the name that the compression asks for: `a.json` with gzip is written as `a.json.gz`. */
export async function namedFor(context: Context, place: Place, compress: Decompress): Promise<Place> {
  if (compress === false || compress === "by-suffix" || compressionsOfName(place.key)[0] === compress) return place;
  const suffix = suffixOfCompression(compress);
  const { location } = place;
  if (location.scheme === "file") return context.placeOf({ ...location, path: `${location.path}${suffix}` });
  if (location.scheme === "s3" || location.scheme === "memory")
    return context.placeOf({ ...location, key: `${location.key}${suffix}` });
  return place;
}

/** What `compress` means for the name it is written under: a chain, outermost first. */
function wanted(place: { readonly key: string }, compress: Decompress): readonly Compression[] {
  if (compress === false) return [];
  return compress === "by-suffix" ? compressionsOfName(place.key) : [compress];
}

export async function encodeBytes(bytes: Uint8Array, place: Place, compress: Decompress): Promise<Uint8Array> {
  let current = bytes;
  for (const compression of [...wanted(place, compress)].reverse()) current = await encodeAll(compression, current);
  return current;
}

/** Encodes chunks under the name that they will have. */
export function encodeChunks(
  chunks: AsyncIterable<Uint8Array>,
  to: { readonly key: string },
  compress: Decompress,
): AsyncIterable<Uint8Array> {
  const outermostLast = [...wanted(to, compress)].reverse();
  return outermostLast.reduce<AsyncIterable<Uint8Array>>((body, compression) => encode(compression, body), chunks);
}

export function encodeStream(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  place: Place,
  compress: Decompress,
): AsyncIterable<Uint8Array> {
  return encodeChunks(byteChunks(source), place, compress);
}
