/** What runs read, kept in a file, held against the world and against each other. */
export { type InputsLock, lockOf } from "./inputs-lock.ts";
export { type LockDiff, type LockDifference, lockDiff } from "./lock-diff.ts";
export { readLock, writeLock } from "./lock-file.ts";
export { withLock } from "./with-lock.ts";
