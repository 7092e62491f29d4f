/** What flows need of the world: results that are kept, and what runs read. */
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
