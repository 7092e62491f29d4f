/** What was decoded last, for matches to refer to. Grows with what is really there: a header may claim gigabytes. */
import type { Bytes } from "../bytes.ts";

/** One LZMA2 chunk is never larger. */
export const chunkBytes = 2_097_152;

const leastBytes = 64 * 1024;

export class Dictionary {
  #size: number;
  /** Nothing before something comes out: of some blocks nothing does. */
  bytes: Bytes = new Uint8Array(0);
  /** Where the next byte goes. */
  at = 0;
  /** How far back a match may reach. */
  reach = 0;

  /** `size` in bytes: what matches may reach back at the most. */
  constructor(size: number) {
    this.#size = size;
  }

  reset(): void {
    this.reach = 0;
  }

  /** For another block: the memory is kept, what lies in it is not reached. */
  restart(size: number): void {
    this.#size = size;
    this.at = 0;
    this.reach = 0;
  }

  /** Makes room for so many bytes more; what matches may refer to stays. */
  prepare(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const kept = Math.min(this.at, this.#size);
    const most = this.#size + Math.max(chunkBytes, this.#size >>> 1);
    const room = Math.min(Math.max(leastBytes, this.bytes.length * 2, kept + count), Math.max(most, kept + count));
    if (room > this.bytes.length && this.at <= this.#size) {
      const roomier = new Uint8Array(room);
      roomier.set(this.bytes.subarray(0, this.at));
      this.bytes = roomier;
    } else {
      this.bytes.copyWithin(0, this.at - kept, this.at);
      this.at = kept;
      if (kept + count > this.bytes.length) {
        const roomier = new Uint8Array(kept + count);
        roomier.set(this.bytes.subarray(0, kept));
        this.bytes = roomier;
      }
    }
  }

  /** After bytes from `start` on were put in: a copy of them. */
  taken(start: number): Bytes {
    this.reach = Math.min(this.#size, this.reach + this.at - start);
    return this.bytes.slice(start, this.at);
  }

  get size(): number {
    return this.#size;
  }
}
