/** Ends the run of a function that takes too long. */
import { EntrepotError } from "../../../error/index.ts";
import type { LayerContext } from "../layer.ts";
import type { AnyFunction } from "../types/functions.ts";
import { layered } from "./layered.ts";

/**
 * The same function, with a limit of milliseconds for each run: after it the node fails with `timeout`, and the signal that it
 * got is aborted. Around `retry` the limit is for all attempts together, inside for each.
 */
export function timeout<F extends AnyFunction>(
  fn: F,
  limitMs: number,
): (...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>> {
  if (!(limitMs > 0)) throw new RangeError(`the limit of timeout() is milliseconds above 0, not ${String(limitMs)}`);
  return layered(fn, { kind: "timeout", run: (call, context) => within(call, context, limitMs) });
}

async function within(
  call: (signal: AbortSignal) => unknown,
  { node, signal, clock }: LayerContext,
  limitMs: number,
): Promise<unknown> {
  const over = new AbortController();
  const done = new AbortController();
  const error = new EntrepotError(
    "timeout",
    `${node === "" ? "a function" : `'${node}'`} took longer than ${limitMs} ms`,
    {
      hint: "give it more time, or find out what it waits for",
    },
  );
  const limit = clock.sleep(limitMs, AbortSignal.any([signal, done.signal])).then(() => {
    over.abort(error);
    throw error;
  });
  // it ends either way; who waits for it is the race alone
  limit.catch(() => {});
  try {
    return await Promise.race([limit, call(AbortSignal.any([signal, over.signal]))]);
  } finally {
    done.abort();
  }
}
