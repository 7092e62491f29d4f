/** Versions of values and of code: equal ones mean that nobody could tell the difference. No I/O. */
export { type Code, type CodeOptions, CodeReader, type CodeReaderOptions } from "./code/code-reader.ts";
export { decodeValue } from "./decode-value.ts";
export { canonicalBytes, type FingerprintOptions, fingerprint } from "./fingerprint.ts";
export type { ForeignValue, RecogniseForeign, RestoreForeign } from "./foreign.ts";
export { fingerprintSymbol } from "./kind-of-object.ts";
