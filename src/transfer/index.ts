/** Many objects: plan, then do. */
export type { Usage } from "../cache/index.ts";
export { type CarrySettings, carryOut } from "./carry-out.ts";
export type { CopyJob } from "./copy-item.ts";
export {
  type CopiedObject,
  type CopyConditions,
  type CopyOptions,
  copyObject,
  type ObjectPlace,
  type Recode,
} from "./copy-object.ts";
export { requestsInWords } from "./count-requests.ts";
export type { CopyItem, Item, RemoveItem, SkipItem } from "./item.ts";
export { type KeepJob, keepObjects } from "./keep-objects.ts";
export type { RemoveJob } from "./remove-items.ts";
export type { FileResult, PlannedRequests, Progress, TransferPlan, TransferReport, Written } from "./report.ts";
export { runJobs } from "./run-jobs.ts";
export type { TransferSettings } from "./settle.ts";
export { Tally, type TallyOptions } from "./tally.ts";
