/** Many objects: plan, then do. */
export type { Usage } from "../cache/index.ts";
export {
  type CopiedObject,
  type CopyConditions,
  type CopyOptions,
  copyObject,
  type ObjectPlace,
  type Recode,
} from "./copy-object.ts";
export { type KeepJob, keepObjects } from "./keep-objects.ts";
export { type RemoveJob, removeObjects } from "./remove-objects.ts";
export type { FileResult, Progress, TransferReport, Written } from "./report.ts";
export { runJobs } from "./run-jobs.ts";
export type { TransferSettings } from "./settle.ts";
export { Tally, type TallyOptions } from "./tally.ts";
export { type CopyJob, type CopySettings, transferObjects } from "./transfer.ts";
