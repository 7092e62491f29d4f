/** Many objects: plan, then do. */
export type { Usage } from "../cache/index.ts";
export { type CarrySettings, carryOut } from "./carry-out.ts";
export {
  type CopiedObject,
  type CopyConditions,
  type CopyOptions,
  copyObject,
  type ObjectPlace,
  type Recode,
} from "./copy-object.ts";
export { requestsInWords } from "./count-requests.ts";
export { Gate } from "./gate.ts";
export type { CopyItem, Item, RemoveItem, SkipItem } from "./item.ts";
export { abandonLarge } from "./journal/abandon.ts";
export type { JobHeader, JobIdentity, JobVerb } from "./journal/job-header.ts";
export { lockJob } from "./journal/job-lock.ts";
export {
  type FailedObject,
  isJobId,
  type JobStatus,
  jobStatus,
  largeOf,
  listJobs,
} from "./journal/job-status.ts";
export {
  type BucketService,
  type JobSettings,
  type JobsPlace,
  jobFiles,
  readHeader,
  removeJob,
  sweepPending,
} from "./journal/journal.ts";
export { type LargeState, largeBytes } from "./journal/large-state.ts";
export { checkPlan, readPlan } from "./journal/plan-file.ts";
export { type KeepJob, keepObjects } from "./keep-objects.ts";
export { lookAhead } from "./look-ahead.ts";
export type { CopyJob, RemoveJob } from "./object-jobs.ts";
export { checkLimits } from "./plan.ts";
export type { FileResult, PlannedRequests, Progress, TransferPlan, TransferReport, Written } from "./report.ts";
export { runJobs } from "./run-jobs.ts";
export type { TransferSettings } from "./settle.ts";
export { Tally, type TallyOptions } from "./tally.ts";
