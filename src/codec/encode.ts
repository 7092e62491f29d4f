/** Compression, as a stream and at once. The same bytes, level and zlib always give the same result. */
import { type Bytes, gathered } from "./bytes.ts";
import { codecOf } from "./codecs.ts";
import type { Compression } from "./compression.ts";

export interface EncodeOptions {
  /** 1 (fast) to 9 (small), zstd to 22. Default: gzip 6, bzip2 9, xz 3, zstd 3. `RangeError` outside. */
  readonly level?: number | undefined;
}

const atOnceIn = 64 * 1024;

/** Encodes a stream piece by piece. Error: unsupported. */
export function encode(
  compression: Compression,
  source: AsyncIterable<Uint8Array>,
  options: EncodeOptions = {},
): AsyncIterable<Bytes> {
  const codec = codecOf(compression, undefined);
  return codec.encode(source, levelOf(codec.levels, options));
}

/** Encodes whole bytes: small ones at once, others off the main thread. Error: unsupported. */
export async function encodeAll(
  compression: Compression,
  bytes: Uint8Array,
  options: EncodeOptions = {},
): Promise<Bytes> {
  const codec = codecOf(compression, undefined);
  const level = levelOf(codec.levels, options);
  if (codec.encodeAtOnce !== undefined && bytes.length <= atOnceIn) return codec.encodeAtOnce(bytes, level);
  return gathered(codec.encode(once(bytes), level));
}

function levelOf(
  levels: { readonly least: number; readonly most: number; readonly usual: number },
  options: EncodeOptions,
): number {
  const level = options.level ?? levels.usual;
  if (Number.isInteger(level) && level >= levels.least && level <= levels.most) return level;
  throw new RangeError(`level is a whole number from ${levels.least} to ${levels.most}, not ${level}`);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
