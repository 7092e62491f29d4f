/** Lets the event loop turn while a long computation goes on: our own codecs compute on the main thread. */

/** Call it often; it waits for one turn when `everyMs` have passed since the last. */
export function takingTurns(everyMs = 6): () => Promise<void> | undefined {
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

/** A computation that stops now and then, so that whoever runs it may let others have their turn. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Runs a loop over `length` places, some milliseconds of it between two stops. */
export function* inSteps(length: number, run: (from: number, to: number) => void, step = 65_536): Steps<void> {
  for (let from = 0; from < length; from += step) {
    run(from, Math.min(length, from + step));
    yield;
  }
}

/** Runs all of it, and others in between. */
export async function stepping<T>(steps: Steps<T>, turn: () => Promise<void> | undefined): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    const resting = turn();
    if (resting !== undefined) await resting;
  }
}
