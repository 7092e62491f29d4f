/** A rate: so many units a second, those of one second at once. What is taken beyond that is owed, and waited for. */

export class TokenBucket {
  readonly #perSecond: number;
  readonly #now: () => number;
  #tokens: number;
  #sinceMs: number;

  /** `now` in milliseconds. */
  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#tokens = Math.max(1, perSecond);
    this.#sinceMs = now();
  }

  /** Takes `units` and gives how long to wait for them, milliseconds. */
  take(units: number): number {
    this.#refill();
    this.#tokens -= units;
    return this.#owedMs(0);
  }

  /** Gives back what was taken and not used. */
  giveBack(units: number): void {
    this.#tokens += units;
  }

  /** How long until one whole unit can be taken without a wait, milliseconds. */
  untilOneMs(): number {
    this.#refill();
    return this.#owedMs(1);
  }

  #owedMs(wanted: number): number {
    // A clock counts in fractions that do not add up exactly; a millionth of a unit is not worth another wait.
    const missing = wanted - this.#tokens;
    return missing <= 1e-6 ? 0 : (missing / this.#perSecond) * 1000;
  }

  #refill(): void {
    const nowMs = this.#now();
    // A clock that was set back gives nothing, and takes nothing.
    const passedMs = Math.max(0, nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
    this.#tokens = Math.min(Math.max(1, this.#perSecond), this.#tokens + (passedMs * this.#perSecond) / 1000);
  }
}
