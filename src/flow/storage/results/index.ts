/** Results of nodes and functions, kept by code, inputs and what was read. */
export { type Cached, type CachedSettings, cached } from "./direct.ts";
export { openResultStore, resultStore } from "./result-store.ts";
export type {
  ClearReport,
  KeptNode,
  KeptResult,
  ResultBounds,
  ResultStats,
  ResultStore,
  ResultStoreOptions,
  Why,
} from "./types.ts";
