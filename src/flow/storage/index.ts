/** What flows need of the world: results that are kept, and what runs read. */

export {
  type EngineOptions,
  type FlowTaskEvent,
  type FlowWorker,
  type FlowWorkerOptions,
  flowWorker,
  queueEngine,
  serveFlow,
  type ThreadsOptions,
  threadsEngine,
} from "./engines/index.ts";
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
