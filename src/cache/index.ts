/** A store in front of a store: validated, verified, bounded, offline. */
export { type Cache, type CacheSettings, type CacheStats, type OpenCacheOptions, openCache } from "./cache.ts";
export type {
  CachedReadOptions,
  CachedStatOptions,
  CachedStore,
  CachedWriteOptions,
  CacheUse,
} from "./cached-store.ts";
export { type Attempt, type Circuit, circuitOpenMs, openCircuit } from "./circuit.ts";
export type { StaleNotice, WrapOptions } from "./desk.ts";
export type { CacheEntry } from "./entries.ts";
export type { HeldCopy, HoldOptions } from "./hold.ts";
export type { CopyHolder } from "./leases.ts";
export type { MaintenanceOptions } from "./maintain.ts";
export type { PruneLimits, RemovalOptions } from "./prune.ts";
export type { Damage } from "./state/damage.ts";
export type { KeptEntry } from "./state/kept-entry.ts";
export type { LinkReport } from "./state/link.ts";
export type { Survey } from "./state/survey.ts";
export type { DamagedEntry, VerifyOptions, VerifyReport } from "./state/verify.ts";
export type { Usage } from "./usage.ts";
