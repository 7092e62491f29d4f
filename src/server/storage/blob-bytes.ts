/** The bytes of a body, however they come: piece by piece, or all of them. */
import type { BlobBytes } from "./storage.ts";

export function piecesOf(bytes: BlobBytes): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return bytes instanceof Uint8Array ? [bytes] : bytes;
}

/** A copy of all of them: what a storage holds is for nobody to change. */
export async function wholeOf(bytes: BlobBytes): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(bytes)) pieces.push(Uint8Array.from(piece));
  return new Uint8Array(Buffer.concat(pieces));
}
