/** Work after the end of a program, which costs nothing that is lost when it takes its time, until nobody wants it any more. */
import type { Clock } from "../../queue/index.ts";

/** Why an attempt is ended by its worker. `fenced`: nothing that it says is listened to any more. */
export type Stop = "fenced" | "released";

/**
 * Does the work with a signal that aborts at once when the attempt is fenced, and `graceMs` after its worker was told to stop: what a
 * program has computed for hours is not thrown away for the sake of a listing.
 */
export async function whileWanted<T>(
  work: (signal: AbortSignal) => Promise<T>,
  stop: AbortSignal,
  { clock, graceMs }: { readonly clock: Pick<Clock, "sleep">; readonly graceMs: number },
): Promise<T> {
  const over = new AbortController();
  const unwanted = new AbortController();
  const abort = (): void => unwanted.abort(new Error("nobody waits for the outputs any more"));
  const onStop = (): void => {
    if ((stop.reason as Stop) === "fenced") abort();
    else clock.sleep(graceMs, over.signal).then(abort, () => undefined);
  };
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop, { once: true });
  try {
    return await work(unwanted.signal);
  } finally {
    stop.removeEventListener("abort", onStop);
    over.abort();
  }
}
