/**
 * Async iterables and web streams, either way. Chunks are passed on, not copied; nothing is read ahead.
 */
import type { Bytes } from "./object-store.ts";

/** A web stream that is async iterable also for compilers whose DOM library does not say so. */
export type ByteStream = ReadableStream<Bytes> & AsyncIterable<Bytes>;

/** A web stream that pulls from `source` when it is read; cancelling ends the source. */
export function toWebStream(source: AsyncIterable<Bytes>): ByteStream {
  let iterator: AsyncIterator<Bytes> | undefined;
  const stream = new ReadableStream<Bytes>(
    {
      async pull(controller) {
        iterator ??= source[Symbol.asyncIterator]();
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator?.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return stream as ByteStream;
}

/** The chunks of anything that streams bytes. TypeError for a chunk that is no `Uint8Array`. */
export async function* byteChunks(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    if (!(chunk instanceof Uint8Array)) {
      throw new TypeError(`a stream of bytes gave ${typeof chunk}; set no encoding, or encode the text first`);
    }
    if (chunk.byteLength > 0) yield chunk;
  }
}
