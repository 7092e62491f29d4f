/** Compression, as streams of bytes with limits, and what names say about it. */
export { ByteFeed } from "./byte-feed.ts";
export { type Bytes, gathered } from "./bytes.ts";
export { compressionSupport } from "./codecs.ts";
export { type Compression, compressionsOfName, plainName, suffixOfCompression } from "./compression.ts";
export { decode, decodeAll } from "./decode.ts";
export { deflateRaw, deflateRawAtOnce, inflateRaw, inflateRawAtOnce } from "./deflate.ts";
export { type EncodeOptions, encode, encodeAll } from "./encode.ts";
export { type DecodeOptions, isBeyondRatio, usualRatio } from "./limits.ts";
export { type LzmaOptions, unlzma } from "./lzma.ts";
