/** Many objects: plan, then do. */
export type { FileResult, Progress, TransferReport, Usage, Written } from "./report.ts";
