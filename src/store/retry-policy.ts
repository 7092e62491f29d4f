/**
 * When to try again and how long to wait, as one value. Applied inside `s3` and `http`, which alone know what was
 * sent; never stacked.
 */

export interface RetryPolicy {
  /** Tries in all, the first included. Default 10. */
  readonly attempts: number;
  /** From the first try to the start of the last, milliseconds. Default 180,000. */
  readonly budgetMs: number;
  /** Upper bound of the first delay; doubles with each. Default 100 ms; throttling starts at ten times that. */
  readonly baseDelayMs: number;
  /** No single delay is longer. Default 20,000 ms. */
  readonly maxDelayMs: number;
}

/** 10 attempts within 180 s, full jitter: the figures of object_store, more patient than the AWS SDK's 3. */
export const defaultRetryPolicy: RetryPolicy = {
  attempts: 10,
  budgetMs: 180_000,
  baseDelayMs: 100,
  maxDelayMs: 20_000,
};

/** One attempt and no more: for a read that has a local copy to fall back on. */
export const singleAttempt: RetryPolicy = { attempts: 1, budgetMs: 0, baseDelayMs: 0, maxDelayMs: 0 };

/** Time and chance, given from outside so that a test decides both. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with `signal.reason` when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** In `[0, 1)`. */
  random(): number;
}

/**
 * The delay before try `attempt + 1` (attempt counts from 1): uniformly random below an exponentially growing bound, and not
 * below what the server asked for (`Retry-After`), which itself is bounded by `maxDelayMs`.
 */
export function retryDelay(
  policy: RetryPolicy,
  attempt: number,
  random: number,
  options: { readonly throttled?: boolean | undefined; readonly retryAfterMs?: number | undefined } = {},
): number {
  const base = options.throttled === true ? policy.baseDelayMs * 10 : policy.baseDelayMs;
  const bound = Math.min(policy.maxDelayMs, base * 2 ** (attempt - 1));
  return Math.max(random * bound, Math.min(options.retryAfterMs ?? 0, policy.maxDelayMs));
}
