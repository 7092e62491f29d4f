/** Values as bytes, for their way to a worker and back. */
import { createHash } from "node:crypto";
import { canonicalBytes, decodeValue } from "../../core/index.ts";

/** How a value is written. */
export interface Kept {
  readonly form: string;
  readonly sizeBytes: number;
}

/** Error: unsupported, naming the path of what has no form. */
export async function encodeResult(
  value: unknown,
  node: string,
): Promise<{ readonly kept: Kept; readonly pieces: readonly Uint8Array[]; readonly version: string }> {
  const pieces = canonicalBytes(value, `what '${node}' gives`);
  const digest = createHash("sha256").update("value\n");
  for (const piece of pieces) digest.update(piece);
  const sizeBytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { kept: { form: "value", sizeBytes }, pieces, version: digest.digest("hex") };
}

/** Error: malformed. */
export async function decodeResult(bytes: Uint8Array, _kept: Kept): Promise<unknown> {
  return decodeValue(bytes);
}
