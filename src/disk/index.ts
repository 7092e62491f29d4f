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
export { errnoOf } from "./errors.ts";
export { type FsOperations, nodeFsOperations } from "./fs-operations.ts";
export { type NodeDiskOptions, openNodeDisk } from "./open-node-disk.ts";
export { isPendingName } from "./pending-file.ts";
export { readTextNow } from "./read-text-now.ts";
