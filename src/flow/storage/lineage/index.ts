/** What runs read and write: nodes that load and save, the lineage of executions, locks of what was read. */
export {
  type DataForm,
  type FormOfUri,
  formOfUri,
  type LoadedForms,
  type LoadVerbOptions,
  type SavedForms,
  type SaveVerbOptions,
  writeAs,
} from "./forms.ts";
export { type InputsLock, lockOf } from "./inputs-lock.ts";
export { type LoadOptions, load } from "./load.ts";
export { type LockDiff, type LockDifference, lockDiff } from "./lock-diff.ts";
export { readLock, writeLock } from "./lock-file.ts";
export type { NodeData } from "./node-data.ts";
export { recordLineage, withLineage } from "./record-lineage.ts";
export type { NodeLineage, RunLineage } from "./run-lineage.ts";
export { type SavedData, type SaveOptions, save } from "./save.ts";
export { withLock } from "./with-lock.ts";
