/** What keeps a small hostile input from filling memory or disk: bytes are counted as they appear, never as announced. */
import { EntrepotError } from "../error/index.ts";
import type { Bytes } from "./bytes.ts";

export interface DecodeOptions {
  /** Named in errors. */
  readonly uri?: string | undefined;
  /** The most bytes that may come out. Default: no limit for streams, 2 GiB for `decodeAll`. */
  readonly maxBytes?: number | undefined;
  /** The most bytes out per byte in, above the first 1 MiB. Default 1,000. `Infinity` for trusted data, such as long runs of zeros. */
  readonly maxRatio?: number | undefined;
  /** Ends it between two pieces, of what goes in as of what comes out. */
  readonly signal?: AbortSignal | undefined;
}

/** The most that a decoder is given at once: what is counted as put in is little more than what has come out yet. */
const pieceBytes = 32 * 1024;

/** Bytes out per byte in that are taken for honest where nobody says otherwise. */
export const usualRatio = 1_000;

/** Below this much output no ratio is looked at: it could not do any harm. */
const harmlessBytes = 1024 * 1024;

/** Whether so much has come out of so little that it is no honest compression. */
export function isBeyondRatio(inBytes: number, outBytes: number, maxRatio: number): boolean {
  return outBytes > harmlessBytes && outBytes > inBytes * maxRatio;
}

/** Counts both sides of a decoder. */
export class Meter {
  #in = 0;
  #out = 0;
  readonly #maxBytes: number;
  readonly #maxRatio: number;
  readonly #uri: string | undefined;
  readonly #signal: AbortSignal | undefined;

  /** `RangeError` for limits that are no positive numbers. */
  constructor(options: DecodeOptions) {
    this.#maxBytes = atLeast(0, options.maxBytes, "maxBytes");
    this.#maxRatio = options.maxRatio === undefined ? usualRatio : atLeast(1, options.maxRatio, "maxRatio");
    this.#uri = options.uri;
    this.#signal = options.signal;
  }

  /** Passes the source on, counted, in pieces: whoever gives all of it at once is no more trusted than others. */
  async *input(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        // of some inputs nothing ever comes out
        this.#signal?.throwIfAborted();
        const piece = chunk.subarray(at, at + pieceBytes);
        this.#in += piece.length;
        yield piece;
      }
    }
  }

  /** Passes the output on until a limit is reached. Error: limit-exceeded. */
  async *output(decoded: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
    for await (const chunk of decoded) {
      this.#signal?.throwIfAborted();
      this.count(0, chunk.length);
      yield chunk;
    }
  }

  /** Counts bytes that went in and came out at once. Error: limit-exceeded. */
  count(inBytes: number, outBytes: number): void {
    this.#in += inBytes;
    this.#out += outBytes;
    if (this.#out > this.#maxBytes) throw this.#exceeded(`more than ${this.#maxBytes} bytes`, "maxDecompressedBytes");
    if (isBeyondRatio(this.#in, this.#out, this.#maxRatio)) {
      throw this.#exceeded(`more than ${this.#maxRatio} times its ${this.#in} bytes`, "maxRatio");
    }
  }

  #exceeded(what: string, option: string): EntrepotError {
    return new EntrepotError("limit-exceeded", `the compressed data expands to ${what}`, {
      uri: this.#uri,
      hint: `if you trust it, raise ${option} (${flagOf(option)}), or read the stored bytes without decompressing`,
    });
  }
}

/** As the shell calls the option. */
const flagOf = (option: string): string => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function atLeast(least: number, value = Number.POSITIVE_INFINITY, name = ""): number {
  if (!(value >= least)) throw new RangeError(`${name} is at least ${least}, not ${value}`);
  return value;
}
