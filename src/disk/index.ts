/** The only door to the file system. */
export type {
  CommitOptions,
  CreateOptions,
  Disk,
  FileStat,
  FolderEntry,
  OpenOptions,
  PendingFile,
  ReadableFile,
} from "./disk.ts";
export { endMarked } from "./end-marked.ts";
export { errnoOf } from "./errors.ts";
export { type FailingOperations, type FsFault, failNth, SimulatedCrash } from "./fail-nth.ts";
export { type FsOperations, nodeFsOperations } from "./fs-operations.ts";
export { HeldFolders } from "./held-folders.ts";
export { escapeName, type NameRules, unescapeName } from "./name-map.ts";
export { markName, withoutMarks } from "./name-marks.ts";
export { type NodeDiskOptions, openNodeDisk } from "./open-node-disk.ts";
export {
  type Liveness,
  type ProcessOwner,
  type ProcessTable,
  processLife,
  processSpace,
  processStart,
  systemProcesses,
} from "./process-owner.ts";
export { openProgramGuard, type ProgramGuard } from "./program-guard.ts";
export { readTextNow } from "./read-text-now.ts";
export { isKeptName, isPendingName, isReservedName, pegaFolderName, pendingName } from "./reserved-names.ts";
export { type RunOptions, type RunResult, runProgram } from "./run-program.ts";
export { safeJoin } from "./safe-join.ts";
export { type ProgramEnd, type StartedProgram, type StartOptions, startProgram } from "./start-program.ts";
