/**
 * A body that is kept while it is sent. It may be read several times; only a reading that ran alone and to its end
 * counts, and what the disk does is no concern of whoever sends.
 */
import type { SizedSource } from "../store/index.ts";
import { smallBytes } from "./blocks.ts";
import type { Spool, Spooled } from "./spool.ts";

export interface TeeSource {
  /** To be sent in place of the body. */
  readonly body: Uint8Array | SizedSource;
  /** What was sent, if it could be kept. Once, after sending. */
  finish(): Promise<Spooled | undefined>;
  /** Never throws. */
  discard(): Promise<void>;
}

export interface TeeSourceOptions {
  readonly openSpool: () => Spool;
  /** The disk failed; the body is sent nevertheless. */
  readonly warn: (error: unknown) => void;
}

export function teeSource(body: Uint8Array | SizedSource, options: TeeSourceOptions): TeeSource {
  if (!(body instanceof Uint8Array)) return new SourceTee(body, options);
  const source = new SourceTee({ sizeBytes: body.byteLength, open: () => pieces(body) }, options);
  const kept = drain(source.body.open());
  return {
    body,
    finish: async () => {
      await kept;
      return source.finish();
    },
    discard: async () => {
      await kept;
      await source.discard();
    },
  };
}

class SourceTee implements TeeSource {
  readonly body: SizedSource;
  readonly #options: TeeSourceOptions;
  #spool: Spool | undefined;
  #readings = 0;
  #failed = false;

  constructor(source: SizedSource, options: TeeSourceOptions) {
    this.#options = options;
    this.body = { sizeBytes: source.sizeBytes, open: () => this.#read(source) };
  }

  async finish(): Promise<Spooled | undefined> {
    if (this.#failed || this.#readings > 0) return undefined;
    try {
      return this.#spool?.finish();
    } catch {
      // The last reading did not run to its end.
      return undefined;
    }
  }

  async discard(): Promise<void> {
    await this.#spool?.discard();
  }

  async *#read(source: SizedSource): AsyncGenerator<Uint8Array, void, undefined> {
    // Two readings at once cannot be told apart afterwards.
    if (this.#readings > 0) this.#failed = true;
    this.#readings += 1;
    try {
      await this.#spool?.discard();
      const spool = this.#options.openSpool();
      this.#spool = spool;
      for await (const chunk of source.open()) {
        await this.#keep(spool, chunk);
        yield chunk;
      }
    } finally {
      this.#readings -= 1;
    }
  }

  async #keep(spool: Spool, chunk: Uint8Array): Promise<void> {
    if (this.#failed) return;
    try {
      await spool.write(chunk);
    } catch (error) {
      this.#failed = true;
      this.#options.warn(error);
    }
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.byteLength; at += smallBytes) yield bytes.subarray(at, at + smallBytes);
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}
