/**
 * A body that is kept while it is sent. It may be read several times; only a reading that ran alone and to its end
 * counts, and what the disk does is no concern of whoever sends. One that was sent in ranges is read once more.
 */
import type { SizedSource, UnsizedSource, WriteBody } from "../store/index.ts";
import { smallBytes } from "./blocks.ts";
import type { Spool, Spooled } from "./spool.ts";

export interface TeeSource {
  /** To be sent in place of the body. */
  readonly body: WriteBody;
  /** What was sent, if it could be kept. Once, after sending. */
  finish(): Promise<Spooled | undefined>;
  /** Never throws. */
  discard(): Promise<void>;
}

export interface TeeSourceOptions {
  readonly openSpool: () => Spool;
  /** More is not kept. */
  readonly maxBytes: number;
  /** The disk failed; the body is sent nevertheless. */
  readonly warn: (error: unknown) => void;
}

export function teeSource(body: WriteBody, options: TeeSourceOptions): TeeSource {
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
  readonly body: SizedSource | UnsizedSource;
  readonly #source: SizedSource | UnsizedSource;
  readonly #options: TeeSourceOptions;
  #spool: Spool | undefined;
  #readings = 0;
  #failed = false;
  #wasRanged = false;

  constructor(source: SizedSource | UnsizedSource, options: TeeSourceOptions) {
    this.#source = source;
    this.#options = options;
    const open = () => this.#read(source);
    this.body = source.sizeBytes === undefined ? { sizeBytes: undefined, open } : { ...this.#ranged(source), open };
  }

  async finish(): Promise<Spooled | undefined> {
    if (this.#failed || this.#readings > 0) return undefined;
    try {
      if (this.#wasRanged) await drain(this.#read(this.#source));
      return this.#spool?.finish();
    } catch {
      // The last reading did not run to its end.
      return undefined;
    }
  }

  async discard(): Promise<void> {
    await this.#spool?.discard();
  }

  /** Ranges come in any order, several at once: nothing to be kept can be made of them. */
  #ranged(source: SizedSource): Omit<SizedSource, "open"> {
    const { sizeBytes, openRange } = source;
    if (openRange === undefined) return { sizeBytes };
    return {
      sizeBytes,
      openRange: (start, end) => {
        this.#wasRanged = true;
        return openRange.call(source, start, end);
      },
    };
  }

  async *#read(source: SizedSource | UnsizedSource): AsyncGenerator<Uint8Array, void, undefined> {
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
      if (spool.receivedBytes <= this.#options.maxBytes) return;
    } catch (error) {
      this.#options.warn(error);
    }
    this.#failed = true;
    await spool.discard();
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.byteLength; at += smallBytes) yield bytes.subarray(at, at + smallBytes);
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}
