/** What flows need of the world: results that are kept, and what runs read. */
export { driver, keeperOf, type ResultsOption, type StorageSettings } from "./driver.ts";
export {
  type InputsLock,
  type LockDiff,
  type LockDifference,
  lockDiff,
  lockOf,
  readLock,
  withLock,
  writeLock,
} from "./lineage/index.ts";
export {
  type Cached,
  type CachedSettings,
  type ClearReport,
  cached,
  type KeptNode,
  type KeptResult,
  openResultStore,
  type ResultBounds,
  type ResultStats,
  type ResultStore,
  type ResultStoreOptions,
  resultStore,
  type Why,
} from "./results/index.ts";
