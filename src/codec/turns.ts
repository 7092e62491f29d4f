/** Lets the event loop turn while a long computation goes on: our own codecs compute on the main thread. */

/** Call it often; it waits for one turn when `everyMs` have passed since the last. */
export function takingTurns(everyMs = 12): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < everyMs) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        since = performance.now();
        resolve();
      }),
    );
  };
}
