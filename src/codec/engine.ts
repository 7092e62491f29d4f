/**
 * One of Node's zlib streams, driven by its reader: a piece goes in when the output of the last one is taken, so that
 * nothing runs ahead, no listener stays behind, and the end of the compressed data within a piece is known to the byte.
 */
import type { Transform } from "node:stream";
import type { Bytes } from "./bytes.ts";

/** The part of Node's zlib streams that is used here. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

export class Engine {
  readonly #stream: ZlibStream;
  #ended = false;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor(stream: ZlibStream) {
    this.#stream = stream;
    stream.on("readable", () => this.#wake());
    stream.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
    stream.on("error", (error) => {
      this.#failure = error;
      this.#wake();
    });
  }

  /** Whether the compressed data has ended; what was pushed after its end was not taken. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Bytes taken so far. */
  get taken(): number {
    return this.#stream.bytesWritten;
  }

  /** Puts a piece in and gives what comes out; it may be reused once this has returned. Throws what zlib says. */
  async *push(chunk: Uint8Array): AsyncGenerator<Bytes> {
    let done = false;
    const end = this.taken + chunk.length;
    this.#stream.write(chunk, (error) => {
      this.#failure ??= error ?? undefined;
      done = true;
      this.#wake();
    });
    // zlib is done with a piece of which it left something when the compressed data ended in it: then the end follows.
    yield* this.#drain(() => done && this.taken === end);
  }

  /** Says that nothing follows and gives what is left. */
  async *finish(): AsyncGenerator<Bytes> {
    this.#stream.end();
    yield* this.#drain(() => false);
  }

  close(): void {
    this.#stream.destroy();
  }

  async *#drain(done: () => boolean): AsyncGenerator<Bytes> {
    for (;;) {
      const out: Buffer<ArrayBuffer> | null = this.#stream.read();
      if (out !== null) {
        yield new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
        continue;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended || done()) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
