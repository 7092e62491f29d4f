/** The time of faults: everything that waits asks this, so that a test decides how long an hour is. */
import { setTimeout as timeout } from "node:timers/promises";

export interface ServerClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What timers can hold: about 24 days. */
const longestMs = 2 ** 31 - 1;

export const systemSleep: ServerClock["sleep"] = async (ms, signal) => {
  await timeout(Math.min(ms, longestMs), undefined, { signal });
};

/** Waits, unless there is nothing to wait for; false when it was aborted. */
export async function waited(clock: ServerClock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms > 0 && !signal.aborted) {
    try {
      await clock.sleep(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return !signal.aborted;
}
