/** The table: which compression is done by what, and what to do about those that are not. */
import { EntrepotError } from "../error/index.ts";
import type { Bytes } from "./bytes.ts";
import type { Compression } from "./compression.ts";
import { gunzip, gunzipAtOnce, gzip, gzipAtOnce } from "./gzip.ts";
import { later } from "./later.ts";
import { hasZstd, unzstd, zstd } from "./zstd.ts";

export interface Codec {
  readonly levels: { readonly least: number; readonly most: number; readonly usual: number };
  decode(source: AsyncIterable<Uint8Array>): AsyncIterable<Bytes>;
  encode(source: AsyncIterable<Uint8Array>, level: number): AsyncIterable<Bytes>;
  /** For small inputs; `undefined` when more than `maxBytes` would come out. */
  readonly decodeAtOnce?: (bytes: Uint8Array, maxBytes: number) => Bytes | undefined;
  readonly encodeAtOnce?: (bytes: Uint8Array, level: number) => Bytes;
}

/** A codec, or why there is none and what to do instead. */
type Entry = { readonly codec: Codec; readonly hint?: never } | { readonly codec?: never; readonly hint: string };

/** Our own, in files that are loaded when they are first used. */
const bzip2: Codec = {
  levels: { least: 1, most: 9, usual: 9 },
  decode: later(async () => (await import("./bzip2/bunzip2.ts")).bunzip2),
  encode: later(async () => (await import("./bzip2/bzip2.ts")).bzip2),
};
const xz: Codec = {
  levels: { least: 1, most: 9, usual: 3 },
  decode: later(async () => (await import("./xz/unxz.ts")).unxz),
  encode: later(async () => (await import("./xz/xz.ts")).xz),
};

function entryOf(compression: Compression): Entry {
  switch (compression) {
    case "gzip":
      return {
        codec: {
          levels: { least: 1, most: 9, usual: 6 },
          decode: gunzip,
          encode: gzip,
          decodeAtOnce: gunzipAtOnce,
          encodeAtOnce: gzipAtOnce,
        },
      };
    case "zstd":
      if (!hasZstd()) return { hint: "run Node 24, which brings it" };
      return { codec: { levels: { least: 1, most: 22, usual: 3 }, decode: unzstd, encode: zstd } };
    case "bzip2":
      return { codec: bzip2 };
    case "xz":
      return { codec: xz };
    default:
      throw new TypeError(`there is no compression ${JSON.stringify(compression)}: write gzip, bzip2, xz or zstd`);
  }
}

/** The codec. Error: unsupported, with what to do about it; `TypeError` for a name that is none. */
export function codecOf(compression: Compression, uri: string | undefined): Codec {
  const { codec, hint } = entryOf(compression);
  if (codec !== undefined) return codec;
  throw new EntrepotError("unsupported", `${compression} is not supported here`, { uri, hint });
}

/** For `doctor`: whether a compression works here, and if not, what to do. */
export function compressionSupport(compression: Compression): {
  readonly supported: boolean;
  readonly hint: string | undefined;
} {
  const { codec, hint } = entryOf(compression);
  return { supported: codec !== undefined, hint };
}
