/**
 * Lets the event loop turn between short blocking calls, so that ten thousand small files do not starve sockets
 * and timers. Not a limit on throughput.
 */

/** Blocking work runs at most this long before others get their turn, milliseconds. */
const burstMs = 2;

/** One per disk. */
export class Pacer {
  readonly #now: () => number;
  #restedAt = Number.NEGATIVE_INFINITY;
  #resting: Promise<void> | undefined;

  /** `now` gives monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** To be awaited before blocking: `undefined` while the burst lasts, else until the loop has turned once. */
  rest(): Promise<void> | undefined {
    if (this.#resting === undefined && this.#now() - this.#restedAt < burstMs) return undefined;
    this.#resting ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#resting = undefined;
        this.#restedAt = this.#now();
        resolve();
      });
    });
    return this.#resting;
  }
}
