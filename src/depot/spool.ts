/**
 * A stream of unknown length, kept in a private file until it has ended well: only then is its size known, and an
 * attempt can be repeated. Nothing is visible before.
 */
import { byteChunks, type SizedSource } from "../store/index.ts";
import type { Context } from "./context.ts";
import { diskFile } from "./disk-file.ts";

/** Streams up to this size stay in memory, bytes. */
const memoryBytes = 1024 * 1024;

export interface Spooled extends SizedSource {
  close(): Promise<void>;
}

/** Reads `source`, which sees the signal itself, to its end. Errors: what the source throws, no-space, `signal.reason`. */
export async function spool(
  context: Context,
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<Spooled> {
  const held: Uint8Array[] = [];
  let size = 0;
  let pending: Awaited<ReturnType<Context["disk"]["createPending"]>> | undefined;
  try {
    for await (const chunk of byteChunks(source)) {
      signal?.throwIfAborted();
      size += chunk.byteLength;
      if (pending === undefined && size <= memoryBytes) {
        held.push(chunk.slice());
        continue;
      }
      if (pending === undefined) {
        pending = await context.disk.createPending(await context.scratchFolder(), { mode: 0o600 });
        for (const early of held.splice(0)) await pending.write(early);
      }
      await pending.write(chunk);
    }
    signal?.throwIfAborted();
    if (pending === undefined) return { sizeBytes: size, open: () => fromMemory(held), close: async () => undefined };
    const file = pending;
    const body = await diskFile(context.disk, file.path);
    return { ...body, close: () => file.discard() };
  } catch (error) {
    await pending?.discard();
    throw error;
  }
}

async function* fromMemory(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
