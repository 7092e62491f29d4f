/** The fingerprint of a value: equal for values that nobody could tell apart, different for all others. */
import { createHash } from "node:crypto";
import { ByteWriter } from "./byte-writer.ts";
import { type EncodeOptions, encodeValue } from "./encode-value.ts";
import type { RecogniseForeign } from "./foreign.ts";

export interface FingerprintOptions extends Partial<Pick<EncodeOptions, "name" | "recognise" | "codeOf" | "onOwn">> {}

/**
 * SHA-256 of the canonical bytes, 64 hexadecimal digits. Types count, and so do `-0`, holes, shared objects and the order of a Map
 * and a Set; the order of an object's names does not. Errors: unsupported, naming the path of what is no data; limit-exceeded.
 */
export function fingerprint(value: unknown, options: FingerprintOptions = {}): string {
  const hash = createHash("sha256");
  const writer = new ByteWriter((bytes) => void hash.update(bytes));
  encodeValue(value, writer, { name: "the value", ...options, purpose: "identity" });
  return hash.digest("hex");
}

/** The bytes of a value as `decodeValue` reads them, in pieces: large buffers are those of the value itself. Errors: as `fingerprint`. */
export function canonicalBytes(value: unknown, name: string, recognise?: RecogniseForeign): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  // what the writer gathers lies in a room that it uses again; a Buffer's own slice would be no copy
  const copied = (bytes: Uint8Array) => Uint8Array.prototype.slice.call(bytes);
  const writer = new ByteWriter((bytes) => pieces.push(bytes.byteLength > 65_536 ? bytes : copied(bytes)));
  encodeValue(value, writer, { purpose: "storage", name, recognise });
  return pieces;
}
