/** What keeps a small hostile archive from filling the disk: what comes out is counted, never what is announced. */
import { isBeyondRatio, usualRatio } from "../codec/index.ts";
import { archiveError } from "./archive-error.ts";

export interface ArchiveLimits {
  /** Entries, from 1. Default 1,000,000. */
  readonly maxEntries?: number | undefined;
  /** Bytes of all files together. Default: no limit. */
  readonly maxBytes?: number | undefined;
  /** Bytes out per byte in, above the first 1 MiB, of each compressed stream. Default 1,000. */
  readonly maxRatio?: number | undefined;
}

export class ArchiveMeter {
  readonly #uri: string;
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly maxRatio: number;
  #entries = 0;
  #bytes = 0;

  constructor(uri: string, { maxEntries = 1_000_000, maxBytes = Infinity, maxRatio = usualRatio }: ArchiveLimits = {}) {
    this.#uri = uri;
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.maxRatio = maxRatio;
  }

  /** Error: limit-exceeded. */
  entry(): void {
    this.#entries += 1;
    if (this.#entries > this.#maxEntries) throw this.#exceeded(`more than ${this.#maxEntries} entries`, "maxEntries");
  }

  /** What an index claims: more than is allowed need not be counted. Error: limit-exceeded. */
  claimed(entries: number): void {
    if (entries > this.#maxEntries) throw this.#exceeded(`${entries} entries`, "maxEntries");
  }

  /** Error: limit-exceeded. */
  bytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > this.#maxBytes) throw this.#exceeded(`more than ${this.#maxBytes} bytes`, "maxBytes");
  }

  /** Of one compressed stream so far. Error: limit-exceeded. */
  ratio(packedBytes: number, sizeBytes: number): void {
    if (isBeyondRatio(packedBytes, sizeBytes, this.maxRatio))
      throw this.#exceeded(`more than ${this.maxRatio} times its compressed bytes`, "maxRatio");
  }

  #exceeded(what: string, option: string): Error {
    const flag = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const hint = `if you trust it, raise ${option} (--${flag})`;
    return archiveError("limit-exceeded", this.#uri, `the archive ${this.#uri} holds ${what}`, hint);
  }
}
