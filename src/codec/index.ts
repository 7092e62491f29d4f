/** Compression, as streams of bytes with limits, and what names say about it. */
export { compressionSupport } from "./codecs.ts";
export { type Compression, compressionsOfName, plainName, suffixOfCompression } from "./compression.ts";
export { decode, decodeAll } from "./decode.ts";
export { type EncodeOptions, encode, encodeAll } from "./encode.ts";
export type { DecodeOptions } from "./limits.ts";
