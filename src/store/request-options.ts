/** What every call of a store can be told. */
import type { Timeouts } from "../net/index.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** Bounds and cancels one call. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Overrides the store's own policy for this call, e.g. a single attempt while a local copy is at hand. */
  readonly retry?: RetryPolicy | undefined;
  readonly timeouts?: Timeouts | undefined;
}
