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
export type { FileResult, Progress, TransferReport, Written } from "./report.ts";
export {
  type CopyJob,
  type CopySettings,
  type RemoveJob,
  removeObjects,
  type TransferSettings,
  transferObjects,
} from "./transfer.ts";
