/** Many objects: plan, then do. */
export { type CopiedObject, type CopyConditions, copyObject, type ObjectPlace } from "./copy-object.ts";
export type { FileResult, Progress, TransferReport, Usage, Written } from "./report.ts";
export { type CopyJob, type RemoveJob, removeObjects, type TransferSettings, transferObjects } from "./transfer.ts";
