/**
 * Whether who looks for silent workers may believe what it sees. After a pause of the machine, or of the database, every worker seems
 * silent, and they need the time to speak first: only who was awake, and had answers, for the whole time after which a worker counts as dead
 * may say so of another one.
 */
import type { Clock } from "../clock.ts";

export class Wakefulness {
  readonly #clock: Pick<Clock, "now">;
  readonly #silentMs: number;
  /** While a machine sleeps, the clock that never goes back may stand still. */
  readonly #dateNow: () => number;
  #sinceMs: number;
  #lastMs: number;
  #lastDateMs: number;

  constructor(clock: Pick<Clock, "now">, silentMs: number, dateNow: () => number = Date.now) {
    this.#clock = clock;
    this.#silentMs = silentMs;
    this.#dateNow = dateNow;
    this.#lastMs = clock.now();
    this.#sinceMs = this.#lastMs;
    this.#lastDateMs = dateNow();
  }

  /** All is well now. More than half of the time since this was last said is a pause. */
  tick(): void {
    const [nowMs, dateMs] = [this.#clock.now(), this.#dateNow()];
    const gapMs = Math.max(nowMs - this.#lastMs, dateMs - this.#lastDateMs);
    this.#lastMs = nowMs;
    this.#lastDateMs = dateMs;
    if (gapMs > this.#silentMs / 2) this.#sinceMs = nowMs;
  }

  away(): void {
    this.#sinceMs = this.#clock.now();
  }

  /** What `ask` gives. A database that fails, or takes more than half of the time to answer, was away. */
  async answered<T>(ask: () => Promise<T>): Promise<T> {
    const fromMs = this.#clock.now();
    try {
      const answer = await ask();
      if (this.#clock.now() - fromMs > this.#silentMs / 2) this.away();
      return answer;
    } catch (error) {
      this.away();
      throw error;
    }
  }

  get isLong(): boolean {
    return this.#clock.now() - this.#sinceMs >= this.#silentMs;
  }
}
