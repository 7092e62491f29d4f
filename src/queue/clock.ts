/** Time as this room uses it; a test gives its own. */

export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Keeps the process alive. Rejects with `signal.reason`. */
  sleep(ms: number, signal?: AbortSignal | undefined): Promise<void>;
  /** Calls again and again until the function that it gives is called; keeps no process alive. */
  every(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
  every: (ms, run) => {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};
