/** Time and chance of an execution, to be replaced in tests. */

export interface FlowClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Resolves after `ms`; rejects with `signal.reason` as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal | undefined): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

/** Timers take no more, and end at once where they are given more. */
const longestMs = 2 ** 31 - 1;

export const systemFlowClock: FlowClock = {
  now: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const wait = (leftMs: number): NodeJS.Timeout =>
        setTimeout(
          () => {
            if (leftMs > longestMs) {
              timer = wait(leftMs - longestMs);
              return;
            }
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
          Math.min(leftMs, longestMs),
        );
      let timer = wait(ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
