/**
 * One coarse timer for all requests of a transport: a timer per request and phase would cost more than the request. Time is
 * counted in ticks, so that a process that was busy for a minute does not take its own silence for the server's.
 */

/** What can run out of time. */
export interface Watched {
  /** In the time of `Deadlines.now()`; `Infinity` when nothing is awaited. */
  deadlineMs: number;
  /** Where it stands among the watched; the business of `Deadlines`. */
  slot: number;
  onDeadline(): void;
}

const coarsestTickMs = 250;
const finestTickMs = 5;

export class Deadlines {
  // An array, with the last one moved into a gap: a Set of what comes and goes this fast keeps the collector busy.
  readonly #watched: Watched[] = [];
  #timer: NodeJS.Timeout | undefined;
  #tickMs = coarsestTickMs;
  #elapsedMs = 0;
  readonly #onEmpty: (() => void)[] = [];

  /** Milliseconds, as the end of the present tick: a bound counted from here is never too short, and at most a quarter too long. */
  now(): number {
    return this.#elapsedMs + this.#tickMs;
  }

  /**
   * Watches until `remove`; `shortestMs` is the shortest bound that will be set, and decides how often to look. Set the first
   * deadline after this, by the ticks that it leads to.
   */
  add(watched: Watched, shortestMs: number): void {
    watched.slot = this.#watched.push(watched) - 1;
    const tickMs = Math.max(finestTickMs, Math.min(coarsestTickMs, shortestMs / 8));
    if (this.#timer !== undefined && tickMs >= this.#tickMs) return;
    this.#tickMs = tickMs;
    clearInterval(this.#timer);
    // A request in flight holds the process by its socket; the timer need not.
    this.#timer = setInterval(() => this.#look(), this.#tickMs).unref();
  }

  /** Only once for each that was added. */
  remove(watched: Watched): void {
    const last = this.#watched.pop();
    if (last !== undefined && last !== watched) {
      this.#watched[watched.slot] = last;
      last.slot = watched.slot;
    }
    if (this.#watched.length === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
  }

  /** Resolves when nothing is watched any more. */
  empty(): Promise<void> {
    if (this.#watched.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty.push(resolve);
    });
  }

  #look(): void {
    if (this.#watched.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#elapsedMs += this.#tickMs;
    for (const each of [...this.#watched]) if (each.deadlineMs <= this.#elapsedMs) each.onDeadline();
  }
}
