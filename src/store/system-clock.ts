/** Real time and chance; what everything gets that is not under test. */
import { offAbort, onAbort } from "../net/index.ts";
import type { Clock } from "./retry-policy.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const end = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        if (signal !== undefined) offAbort(signal, end);
        resolve();
      }, ms);
      // One listener for all who wait: there may be hundreds, all under the signal of one call.
      if (signal !== undefined) onAbort(signal, end);
    }),
  random: () => Math.random(),
};
