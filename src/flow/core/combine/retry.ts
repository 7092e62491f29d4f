/** Runs a function again where it failed, after a pause that grows. */
import { type Check, isFunction, mistakeInValues, wrongValue } from "../../../error/index.ts";
import type { Layer, LayerContext } from "../layer.ts";
import type { AnyFunction } from "../types/functions.ts";
import { layered } from "./layered.ts";

export interface RetryOptions {
  /** Attempts after the first one. Default 2. */
  readonly times?: number | undefined;
  /** Pause before the second attempt; doubled for each one that follows. Default 200. */
  readonly firstDelayMs?: number | undefined;
  /** Longest pause. Default 30,000. */
  readonly maxDelayMs?: number | undefined;
  /** Whether a failure is worth another attempt. Default: each is, unless it says `retryable: false`. */
  readonly when?: ((error: unknown) => boolean) | undefined;
}

const isDelay: Check = (value, name, what) =>
  typeof value === "number" && value >= 0 ? undefined : wrongValue(name, what, "milliseconds from 0", value);
/** What `times` may be is said below, also where it stands alone. */
const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["times", () => undefined],
  ["firstDelayMs", isDelay],
  ["maxDelayMs", isDelay],
  ["when", isFunction],
]);

/**
 * The same function, tried again where it fails: `retry(load, 3)`, `retry(load, { times: 3, when: isNetworkError })`. Each
 * pause is drawn at random between its half and its whole. What the last attempt throws is thrown.
 */
export function retry<F extends AnyFunction>(
  fn: F,
  options: number | RetryOptions = {},
): (...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>> {
  const mistake = typeof options === "number" ? undefined : mistakeInValues("retry()", options, checks);
  if (mistake !== undefined) throw mistake;
  const { times = 2, ...rest } = typeof options === "number" ? { times: options } : options;
  if (!Number.isSafeInteger(times) || times < 0)
    throw new RangeError(`times of retry() is a whole number from 0, not ${String(times)}`);
  return layered(fn, { kind: "retry", run: (call, context) => attempts(call, context, times, rest) } satisfies Layer);
}

async function attempts(
  call: (signal: AbortSignal) => unknown,
  { node, signal, clock, tell }: LayerContext,
  times: number,
  { firstDelayMs = 200, maxDelayMs = 30_000, when = worthAnother }: RetryOptions,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(signal);
    } catch (error) {
      if (attempt > times || signal.aborted || !when(error)) throw error;
      const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1)) * (0.5 + clock.random() / 2);
      tell({ type: "retry", node, attempt, delayMs, error });
      await clock.sleep(delayMs, signal);
    }
  }
}

function worthAnother(error: unknown): boolean {
  return !(typeof error === "object" && error !== null && "retryable" in error && error.retryable === false);
}
