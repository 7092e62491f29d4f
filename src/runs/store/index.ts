/** The database of runs: models, runs, policies, files, tasks and what happens to them. */
export { ChangedMeanwhile } from "./changed-meanwhile.ts";
export { filesOfPolicy } from "./files.ts";
export { newSecret } from "./ids.ts";
export type { Jobs } from "./jobs.ts";
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
export { notThere } from "./parts.ts";
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
export { attemptStates, eventTypes, runStates, taskStates, tokenRoles } from "./records.ts";
export { baselineOf, stackingOrderOf } from "./run-rows.ts";
export type {
  Attempt,
  AttemptToken,
  Ended,
  Files,
  Models,
  NewRun,
  Outcome,
  Page,
  PageOptions,
  ReadyTask,
  RunFilter,
  RunStore,
  Runs,
  Tasks,
  WatchOptions,
} from "./run-store.ts";
export { wrongOrder } from "./stacking-order.ts";
export type { Tokens } from "./tokens.ts";
export { isUnfit } from "./unfit.ts";
