/** Real time and chance; what everything gets that is not under test. */
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "./retry-policy.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      // node wraps the reason in an AbortError of its own.
      signal?.throwIfAborted();
      throw error;
    }
  },
  random: () => Math.random(),
};
