/** What runs side by side for one object stops together. */
import { offAbort, onAbort } from "../../net/index.ts";

/** Parts that wait for nothing still end with the upload. */
export function* until<T>(signal: AbortSignal, parts: Iterable<T>): Generator<T, void, undefined> {
  for (const part of parts) {
    signal.throwIfAborted();
    yield part;
  }
}

/** The first failure, or the caller, stops everything. */
export function stopWith(signal: AbortSignal | undefined): { readonly controller: AbortController; end(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  if (signal?.aborted === true) stop();
  else if (signal !== undefined) onAbort(signal, stop);
  return { controller, end: () => signal !== undefined && offAbort(signal, stop) };
}
