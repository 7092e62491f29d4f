/** Tables that are shown at a time, in this process: each may take a few hundred MB, and all cores. */

const mostAtOnce = 2;
let running = 0;
const waiting = new Set<() => void>();

/** Waits for its turn, then works. Rejects with `signal.reason`. */
export async function inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  if (running < mostAtOnce) running += 1;
  else await turn(signal);
  try {
    return await work();
  } finally {
    const [next] = waiting;
    if (next === undefined) running -= 1;
    else next();
  }
}

function turn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      waiting.delete(go);
      signal.removeEventListener("abort", leave);
      resolve();
    };
    const leave = (): void => {
      waiting.delete(go);
      reject(signal.reason);
    };
    waiting.add(go);
    signal.addEventListener("abort", leave, { once: true });
  });
}
