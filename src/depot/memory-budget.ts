/**
 * What the buffers of a depot may hold together. Nobody waits for it: who gets less uses a file or smaller pieces, so
 * two calls can never wait for each other.
 */
import type { BufferBudget } from "../store/index.ts";

export class MemoryBudget {
  #usedBytes = 0;

  /** Bytes that are held now. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Takes `bytes` if they fit under `limitBytes`; false when they do not. */
  take(bytes: number, limitBytes: number): boolean {
    if (this.#usedBytes + bytes > limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  /** Gives back what was taken. */
  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }

  /** The same under a limit, for the uploads of a store. */
  within(limitBytes: number): BufferBudget {
    return {
      take: (bytes) => this.take(bytes, limitBytes),
      insist: (bytes) => void this.take(bytes, Number.POSITIVE_INFINITY),
      give: (bytes) => this.give(bytes),
    };
  }
}
