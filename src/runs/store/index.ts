/** The database of runs: models, runs, policies, files, tasks and what happens to them. */
export { newSecret } from "./ids.ts";
export { outputFolder, snapshotsOf } from "./models.ts";
export {
  checkFileName,
  checkSegment,
  longestLine,
  mostFileBytes,
  mostLineBytes,
  mostLines,
  mostOutputs,
  mostRunBytes,
} from "./names.ts";
export { openRunStoreAt, type RunStoreSeams, runStoreOver } from "./open-run-store.ts";
export type {
  AttemptRecord,
  AttemptState,
  FileRecord,
  JobRecord,
  LogLine,
  LogStream,
  Model,
  ModelVersion,
  OutputRecord,
  Program,
  Progress,
  RunEvent,
  RunOptions,
  RunRecord,
  RunState,
  RunSummary,
  RunTaskState,
  TaskCounts,
  TaskRecord,
  TokenRecord,
  TokenRole,
} from "./records.ts";
export { attemptStates, runStates, taskStates, tokenRoles } from "./records.ts";
export { baselineOf, stackingOrderOf } from "./run-rows.ts";
export type {
  Attempt,
  AttemptToken,
  Ended,
  Files,
  Jobs,
  Models,
  NewRun,
  Outcome,
  Page,
  ReadyTask,
  RunFilter,
  RunStore,
  Runs,
  Tasks,
  Tokens,
  WatchOptions,
} from "./run-store.ts";
