/** Time as waiting for other processes needs it: it never goes back, whatever happens to the calendar. */
import { setTimeout as wait } from "node:timers/promises";

export interface Ticks {
  /** Milliseconds since some moment. */
  now(): number;
  /** Nanoseconds since a moment that all processes of this start of this machine share. */
  sharedNs(): bigint;
  /** Keeps the process alive. Rejects with `signal.reason`. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls again and again until the function that it gives is called; keeps no process alive. */
  every(ms: number, run: () => void): () => void;
}

export const systemTicks: Ticks = {
  now: () => performance.now(),
  sharedNs: () => process.hrtime.bigint(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      // Node wraps the reason in an AbortError of its own.
      signal.throwIfAborted();
      throw error;
    }
  },
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};
