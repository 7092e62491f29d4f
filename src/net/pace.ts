/**
 * How many requests may be on their way to one origin: all that are allowed until it says that this is too much, then half of
 * those that were, and step by step more again. Who waits for a place holds none, and what waits for us, not for the server,
 * is not counted: so nothing can wait for itself.
 */
import { offAbort, onAbort } from "./abort-hub.ts";

/** What became of an origin's pace; `concurrency` is how many requests it is asked at once from now on. */
export type PaceChange =
  | { readonly state: "slowed"; readonly concurrency: number }
  /** As many as ever; `slowMs` since the first answer that said it was too much, milliseconds. */
  | { readonly state: "recovered"; readonly concurrency: number; readonly slowMs: number };

/** Told by the request whose answer made the change. */
export interface PaceListener {
  onPace(change: PaceChange): void;
}

/** Beside what was too much once, one more is tried only after so many answers for each request at a time, and at the least for so many. */
const caution = 10;
const leastCautious = 4;

/** What was too much is forgotten after this time without a word of it, milliseconds. */
const forgetMs = 60_000;

/** Refusals inside of answers do not say when they were asked for: within this time they are about the same haste, milliseconds. */
const sameHasteMs = 1_000;

export class Pace {
  readonly #most: number;
  readonly #now: () => number;
  readonly #waiting = new Set<() => void>();
  #limit: number;
  #running = 0;
  #answered = 0;
  #tooMany = Number.POSITIVE_INFINITY;
  #sinceMs: number | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** How often it was slowed down. What was sent before the last time says nothing about the pace since. */
  turn = 0;

  /** `most` from 1; `now` gives milliseconds. */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#limit = most;
    this.#now = now;
  }

  /** How many requests may be on their way now. */
  get concurrency(): number {
    return this.#limit;
  }

  /** Takes a place; false when there is none, or somebody waits for it. */
  enter(): boolean {
    if (this.#running >= this.#limit || this.#waiting.size > 0) return false;
    this.#running += 1;
    return true;
  }

  /** Waits for a place and takes it, who came first before the others. Rejects with `signal.reason` when that comes first. */
  wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onEnd = () => {
        this.#waiting.delete(go);
        if (signal !== undefined) offAbort(signal, onEnd);
        reject(signal?.reason);
      };
      const go = () => {
        if (signal !== undefined) offAbort(signal, onEnd);
        resolve();
      };
      this.#waiting.add(go);
      if (signal !== undefined) onAbort(signal, onEnd);
    });
  }

  /** Gives the place back, for good or for as long as the request waits for us. */
  leave(): void {
    this.#running -= 1;
    this.#admit();
  }

  /** The server is waited for again, whoever has taken the place meanwhile. */
  comeBack(): void {
    this.#running += 1;
  }

  /** A request of `turn` was answered as any other. */
  answered(turn: number, listener: PaceListener): void {
    if (this.#limit === this.#most || turn !== this.turn) return;
    this.#answered += 1;
    if (this.#now() - this.#lastMs > forgetMs) this.#tooMany = Number.POSITIVE_INFINITY;
    const needed = this.#limit + 1 < this.#tooMany ? this.#limit : Math.max(this.#limit, leastCautious) * caution;
    if (this.#answered < needed) return;
    this.#answered = 0;
    this.#limit += 1;
    if (this.#limit >= this.#tooMany) this.#tooMany = Number.POSITIVE_INFINITY;
    if (this.#limit === this.#most) {
      const slowMs = Math.max(0, this.#now() - (this.#sinceMs ?? this.#now()));
      this.#sinceMs = undefined;
      listener.onPace({ state: "recovered", concurrency: this.#most, slowMs });
    }
    this.#admit();
  }

  /** A request of `turn` was answered that this is too much; without one, the word stood in an answer's body. */
  throttled(turn: number | undefined, listener: PaceListener): void {
    const nowMs = this.#now();
    if (turn === undefined ? Math.abs(nowMs - this.#lastMs) < sameHasteMs : turn !== this.turn) return;
    this.turn += 1;
    this.#answered = 0;
    this.#sinceMs ??= nowMs;
    this.#lastMs = nowMs;
    const before = this.#limit;
    // With places to spare it was not their number: then nothing is known to be too many.
    this.#tooMany = this.#running >= before ? before : Number.POSITIVE_INFINITY;
    this.#limit = Math.max(1, Math.floor(Math.min(before, this.#running) / 2));
    if (this.#limit < before) listener.onPace({ state: "slowed", concurrency: this.#limit });
  }

  #admit(): void {
    for (const go of this.#waiting) {
      if (this.#running >= this.#limit) return;
      this.#waiting.delete(go);
      this.#running += 1;
      go();
    }
  }
}
