/** Waiting that ends when the caller gives up, even if what is waited for never does. */
import { offAbort, onAbort } from "../net/index.ts";

/** What `promise` gives, or a rejection with `signal.reason` as soon as the signal fires. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else onAbort(signal, abort);
    promise.then(resolve, reject).finally(() => offAbort(signal, abort));
  });
}
