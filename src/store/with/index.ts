/** Stores in front of stores: each is a store and keeps the same contract. */
export type { Decorated, StoreMethod } from "./decorator.ts";
export { type Limit, type LimitOptions, sharedLimit } from "./limit.ts";
export { passingSink } from "./passing-sink.ts";
export { failNthCall, type StoreCall, type StoreFaults, withFaults } from "./with-faults.ts";
export { withLimit } from "./with-limit.ts";
export { withPrefix } from "./with-prefix.ts";
export { withReadOnly } from "./with-read-only.ts";
export { type WithRetryOptions, withRetry } from "./with-retry.ts";
export { type StoreOutcome, type StoreTraceEvent, withTrace } from "./with-trace.ts";
