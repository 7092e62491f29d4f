/**
 * A stream of unknown length, kept in memory or in a private file until it has ended well: only then is its size known,
 * and an attempt can be repeated. Nothing is visible before.
 */
import type { PendingFile } from "../disk/index.ts";
import { byteChunks, type SizedSource } from "../store/index.ts";
import type { Context } from "./context.ts";
import { diskFile } from "./disk-file.ts";

/** Streams up to this size stay in memory while the depot's budget lasts, bytes. */
const heldBytes = 1024 * 1024;

export interface Spooled extends SizedSource {
  close(): Promise<void>;
}

/** Reads `source`, which sees the signal itself, to its end. Errors: what the source throws, no-space, `signal.reason`. */
export async function spool(
  context: Context,
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<Spooled> {
  const spooling = new Spooling(context);
  try {
    for await (const chunk of byteChunks(source)) {
      signal?.throwIfAborted();
      await spooling.add(chunk);
    }
    signal?.throwIfAborted();
    return await spooling.finish();
  } catch (error) {
    await spooling.close();
    throw error;
  }
}

class Spooling {
  readonly #context: Context;
  #held: Uint8Array[] = [];
  #takenBytes = 0;
  #pending: PendingFile | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  async add(chunk: Uint8Array): Promise<void> {
    if (this.#pending === undefined && this.#fits(chunk.byteLength)) {
      // whoever gave the chunk may use it again
      this.#held.push(chunk.slice());
      return;
    }
    this.#pending ??= await this.#intoFile();
    await this.#pending.write(chunk);
  }

  async finish(): Promise<Spooled> {
    const close = () => this.close();
    if (this.#pending === undefined) {
      const held = this.#held;
      return { sizeBytes: this.#takenBytes, open: () => fromMemory(held), close };
    }
    return { ...(await diskFile(this.#context.disk, this.#pending.path)), close };
  }

  async close(): Promise<void> {
    this.#giveBack();
    await this.#pending?.discard();
  }

  #fits(bytes: number): boolean {
    const { memory, settings } = this.#context;
    if (this.#takenBytes + bytes > heldBytes || !memory.take(bytes, settings.memoryBytes)) return false;
    this.#takenBytes += bytes;
    return true;
  }

  async #intoFile(): Promise<PendingFile> {
    const pending = await this.#context.disk.createPending(await this.#context.scratchFolder(), { mode: 0o600 });
    this.#pending = pending;
    for (const early of this.#held) await pending.write(early);
    this.#giveBack();
    return pending;
  }

  #giveBack(): void {
    this.#context.memory.give(this.#takenBytes);
    this.#takenBytes = 0;
    this.#held = [];
  }
}

async function* fromMemory(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
