/**
 * What the buffers of a depot may hold together. Nobody waits for it: who gets less uses a file or smaller pieces, so
 * two calls can never wait for each other.
 */
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
}
