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
export type { CacheEntry, DamagedEntry } from "./entries.ts";
export type { HeldCopy, HoldOptions } from "./hold.ts";
export type { MaintenanceOptions, VerifyReport } from "./maintain.ts";
export type { PruneLimits, RemovalOptions } from "./prune.ts";
export type { Usage } from "./usage.ts";
