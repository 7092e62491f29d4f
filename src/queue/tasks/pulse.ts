/** When to ask again: at once while there is something to do, less and less often while there is not. */
import type { Clock } from "../clock.ts";

/** First wait after something happened, milliseconds. */
const shortestMs = 20;
/** Longest wait, milliseconds: how late the first task after a quiet time may be seen. */
export const longestMs = 500;
/** So many short waits before they grow: about a second of it. */
const shortOnes = 40;

export class Pulse {
  readonly #clock: Clock;
  #quiet = 0;
  #wake: (() => void) | undefined;
  #isWoken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something happened: the next wait is short, and one that lasts ends. */
  beat(): void {
    this.#quiet = 0;
    this.#isWoken = true;
    this.#wake?.();
  }

  async wait(signal: AbortSignal): Promise<void> {
    if (this.#isWoken || signal.aborted) {
      this.#isWoken = false;
      return;
    }
    const ms = Math.min(longestMs, shortestMs * 2 ** Math.max(0, this.#quiet - shortOnes));
    this.#quiet += 1;
    // Not `AbortSignal.any`: what lives as long as the worker would keep one signal for each wait.
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#wake = wake;
    signal.addEventListener("abort", wake, { once: true });
    await this.#clock.sleep(ms, woken.signal).catch(() => undefined);
    signal.removeEventListener("abort", wake);
    this.#wake = undefined;
    this.#isWoken = false;
  }
}
