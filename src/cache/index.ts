/** A store in front of a store: validated, verified, bounded, offline. */
export { type Cache, type CacheSettings, type CacheStats, type OpenCacheOptions, openCache } from "./cache.ts";
export { type Attempt, type Circuit, type CircuitChange, circuitOpenMs, openCircuit } from "./circuit.ts";
export type {
  CachedReadOptions,
  CachedStatOptions,
  CachedStore,
  CachedWriteOptions,
  CacheUse,
} from "./contract.ts";
export type { StaleNotice, WrapOptions } from "./desk.ts";
export type { CacheEntry } from "./entries.ts";
export type { HeldCopy, HoldOptions } from "./hold.ts";
export type { CopyHolder } from "./leases.ts";
export type { Limits } from "./limits/limits.ts";
export type { Holdings, MaintenanceOptions } from "./maintain.ts";
export type { QueuedChange } from "./outbox/entry.ts";
export type { Outbox, OutboxEntry } from "./outbox/outbox.ts";
export type { OutboxUse, QueuedNotice } from "./outbox/outbox-use.ts";
export type { Pushed, PushOptions } from "./outbox/push.ts";
export type { Senders } from "./outbox/sending.ts";
export type { Asked, Pin, PinKind, PinMember } from "./pins/pin-format.ts";
export type { Pinning, PinRequest, PinTask } from "./pins/pinning.ts";
export type { Readiness, ReadinessOptions } from "./pins/ready.ts";
export type { UnpinRequest } from "./pins/unpin.ts";
export type { PruneLimits, RemovalOptions } from "./prune.ts";
export type { Damage } from "./state/damage.ts";
export type { KeptEntry } from "./state/kept-entry.ts";
export type { LinkReport } from "./state/link.ts";
export type { Survey } from "./state/survey.ts";
export type { DamagedEntry, VerifyOptions, VerifyReport } from "./state/verify-report.ts";
export type { Usage } from "./usage.ts";
