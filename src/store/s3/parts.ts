/**
 * A body as the parts of an upload: cut where it lies when it can be read anywhere, else gathered in buffers as it comes. A part
 * can be sent as often as it takes.
 */
import type { SizedSource } from "../object-store.ts";
import type { PartBuffers } from "./part-buffers.ts";

export interface Part {
  readonly body: Uint8Array | SizedSource;
  readonly sizeBytes: number;
  /** To be called when it will not be sent again. */
  readonly release: () => void;
}

/** A part in a buffer. */
export interface GatheredPart extends Part {
  readonly body: Uint8Array;
  readonly isLast: boolean;
}

/** Parts of bytes at hand, or of a source that gives any range. Nothing is copied. */
export function* cutParts(
  body: Uint8Array | (SizedSource & { readonly openRange: NonNullable<SizedSource["openRange"]> }),
  partBytes: number,
): Generator<Part, void, undefined> {
  const release = () => undefined;
  const total = body instanceof Uint8Array ? body.byteLength : body.sizeBytes;
  for (let start = 0; start < total; start += partBytes) {
    const end = Math.min(start + partBytes, total);
    const sizeBytes = end - start;
    yield body instanceof Uint8Array
      ? { body: body.subarray(start, end), sizeBytes, release }
      : { body: { sizeBytes, open: () => body.openRange(start, end) }, sizeBytes, release };
  }
}

/** The first buffer of a body begins with so much: most bodies of unknown length are small, bytes. */
const firstBufferBytes = 64 * 1024;

/**
 * Parts of a body as it comes, each copied into a buffer; the last may be empty if it is the only one. `partBytes` gives the size
 * of each part by its number, from 1.
 */
export async function* gatherParts(
  chunks: AsyncIterable<Uint8Array>,
  partBytes: (number: number) => number,
  buffers: PartBuffers,
  signal: AbortSignal | undefined,
): AsyncGenerator<GatheredPart, void, undefined> {
  let buffer: Uint8Array = new Uint8Array(0);
  let wantedBytes = partBytes(1);
  let filled = 0;
  let number = 1;
  const part = (isLast: boolean): GatheredPart => {
    const full = buffer;
    const release = () => buffers.give(full);
    return { body: full.subarray(0, filled), sizeBytes: filled, release, isLast };
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; ) {
      // Only now is it known that the full one is not the last.
      if (filled === wantedBytes) {
        yield part(false);
        number += 1;
        wantedBytes = partBytes(number);
        filled = 0;
        buffer = await buffers.take(wantedBytes, signal);
      } else if (filled === buffer.byteLength) {
        const bytes = Math.min(wantedBytes, Math.max(firstBufferBytes, filled * 4));
        buffer = filled === 0 ? await buffers.take(bytes, signal) : buffers.grow(buffer, bytes);
      }
      const count = Math.min(chunk.byteLength - at, buffer.byteLength - filled);
      buffer.set(chunk.subarray(at, at + count), filled);
      filled += count;
      at += count;
    }
  }
  yield part(true);
}
