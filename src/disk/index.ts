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
