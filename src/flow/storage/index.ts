/** Flows over depots: stores of results. */
export { driver, keeperOf, type ResultsOption, type StorageSettings } from "./driver.ts";
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
