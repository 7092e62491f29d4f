/** Values on their way between threads: bytes that both sides share, made once for each object. */
import { decodeResult, encodeResult } from "../results/codecs.ts";
import type { Kept } from "../results/entry.ts";

export interface SharedValue {
  readonly version: string;
  readonly kept: Kept;
  readonly shared: SharedArrayBuffer;
}

/** Error: unsupported for what has no bytes, naming the path within it. */
export async function shareValue(value: unknown, name: string): Promise<SharedValue> {
  const { version, kept, pieces } = await encodeResult(value, name);
  const shared = new SharedArrayBuffer(kept.sizeBytes);
  const bytes = new Uint8Array(shared);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return { version, kept, shared };
}

export function decodeShared({ kept, shared }: SharedValue): Promise<unknown> {
  // What decodes may keep views of its bytes: those of a value are its own.
  return decodeResult(new Uint8Array(shared).slice(), kept);
}
