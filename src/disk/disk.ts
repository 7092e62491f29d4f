/**
 * The door to the file system, as an interface. Everything above works on this, so that a test can fail the
 * Nth operation; `openNodeDisk` is the real one. Paths are absolute and native; errors are typed.
 */

import type { NewFileOptions } from "./write-new.ts";

/** What the operating system knows of one name; links are never followed. */
export interface FileStat {
  readonly kind: "file" | "folder" | "other";
  readonly sizeBytes: number;
  /** Milliseconds since 1970, with fractions. */
  readonly modifiedMs: number;
  /** The inode's change time; moves with every write, rename, chmod and link. */
  readonly changedMs: number;
  /** `modifiedMs` and `changedMs` exactly, nanoseconds since 1970. */
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
  readonly inode: bigint;
  readonly device: bigint;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  /** The permission bits, e.g. `0o600`. */
  readonly mode: number;
}

/** One name in a folder. */
export interface FolderEntry {
  readonly name: string;
  /** As the folder itself says it: a symbolic link is `"link"`. */
  readonly kind: "file" | "folder" | "link" | "other";
}

/** An open regular file, for positional reads; several may run at once. */
export interface ReadableFile {
  readonly stat: FileStat;
  /** Fills `target` from byte `position`; resolves with the bytes read, fewer only at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** What the operating system says of the open file now, whatever bears its name by then. */
  restat(): Promise<FileStat>;
  /** Reads that are running are let to their end. */
  close(): Promise<void>;
}

/**
 * A file under a name that nobody can guess, in the folder where it will be published. It is created with
 * `O_EXCL | O_NOFOLLOW`; until `commit` nobody sees it under its final name.
 */
export interface PendingFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Appends; awaits the disk for large chunks. Error codes: no-space, limit-exceeded (EFBIG), io. */
  write(chunk: Uint8Array): Promise<void>;
  /**
   * Writes a piece of any place, bytes from the start; `sizeBytes` is then the end of what lies furthest back. Several may be under
   * way at once. Small ones are written when the call returns, unless other work is due. Errors as `write`.
   */
  writeAt(position: number, chunk: Uint8Array): void | Promise<void>;
  /** Starts again at byte 0, when what is under way has ended. */
  truncate(): Promise<void>;
  /**
   * Publishes under `target` (same file system). `durable` fsyncs the file before and its folder after the rename.
   * `exclusive` fails with already-exists instead of replacing. Sets the mode given at creation whatever the umask.
   */
  commit(target: string, options?: CommitOptions): Promise<FileStat>;
  /** Removes it; never throws. Does nothing after `commit`. */
  discard(): Promise<void>;
  /** Closes it and lets it lie, for `reopenPending`; never throws. Does nothing after `commit`. */
  leave(): Promise<void>;
}

export interface CommitOptions {
  readonly durable?: boolean | undefined;
  readonly exclusive?: boolean | undefined;
  /** The time that the file is to bear, milliseconds since 1970. Default: that of the commit. */
  readonly modifiedMs?: number | undefined;
}

export interface CreateOptions {
  /** Ends the temporary name, e.g. `".csv"`. Default `""`. */
  readonly suffix?: string | undefined;
  /** Permission bits of the file. Default `0o666` less the umask. With bits for the group, its group is that of the folder. */
  readonly mode?: number | undefined;
  /**
   * Makes missing parent folders, with this mode (`0o777` less the umask when true). With a mode, the folder itself may be no
   * link: unsafe-key.
   */
  readonly makeFolders?: boolean | number | undefined;
  /** Under a name that nobody collects, for a file that is gone on with when this process has died. Default false. */
  readonly kept?: boolean | undefined;
}

export interface OpenOptions {
  /** Follow a symbolic link at the last segment. Default false: `unsafe-key`. Users' own files are opened with true. */
  readonly followLinks?: boolean | undefined;
}

/**
 * Errors of every method: not-found (ENOENT, ENOTDIR), forbidden (EACCES, EPERM), already-exists, not-empty, read-only (EROFS),
 * no-space (ENOSPC, EDQUOT), unrepresentable-name (ENAMETOOLONG, EINVAL of a name), busy (EMFILE, ENFILE, EBUSY), io.
 */
export interface Disk {
  /** `undefined` when nothing bears that name. */
  stat(path: string, options?: OpenOptions): Promise<FileStat | undefined>;
  /** `undefined` when there is no such folder. Names in no particular order. */
  readFolder(path: string): Promise<FolderEntry[] | undefined>;
  /**
   * Makes the folder and its parents; an existing one is fine. `mode` is set whatever the umask; with bits for the group, a new
   * folder has the group of the one above and is never seen with less.
   */
  makeFolder(path: string, mode?: number): Promise<void>;
  openRead(path: string, options?: OpenOptions): Promise<ReadableFile>;
  /** The whole file and its stat from one open handle. Error: limit-exceeded above `maxBytes` (default 2 GiB). */
  readFile(
    path: string,
    options?: OpenOptions & { readonly maxBytes?: number | undefined },
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly stat: FileStat }>;
  /** A file to be filled and then published in `folder`. */
  createPending(folder: string, options?: CreateOptions): Promise<PendingFile>;
  /**
   * Goes on with a file that was created with `kept`; what is in it stays. Errors: not-found, unsafe-key for what is no plain file
   * under one name.
   */
  reopenPending(path: string, options?: Pick<CreateOptions, "mode">): Promise<PendingFile>;
  /** `createPending`, `write`, `commit` in one; small contents with synchronous calls. */
  writeFile(path: string, bytes: Uint8Array, options?: CreateOptions & CommitOptions): Promise<FileStat>;
  /**
   * Writes a file in place, under a name that nothing bears: only where nobody else looks before all is done. A failure leaves no part
   * of it.
   */
  writeNew(path: string, bytes: Uint8Array, options?: NewFileOptions): Promise<void>;
  /**
   * Adds a few bytes to the end of a file that is there, with one write; gives its size before, `undefined` when there is none.
   * Error: unsafe-key for what is no plain file under one name.
   */
  append(path: string, bytes: Uint8Array): Promise<number | undefined>;
  rename(from: string, to: string): Promise<void>;
  /** Copies the bytes of a file (of what a link leads to) to a name that nothing bears, by sharing its blocks where the file system can. Keeps the mode. */
  copyFile(from: string, to: string): Promise<void>;
  /** A symbolic link under a name that nothing bears, or, with `replace`, in place of a file or link, in one step. `target` need not be there. */
  makeLink(path: string, target: string, options?: { readonly replace?: boolean | undefined }): Promise<void>;
  /** What a symbolic link says; `undefined` for what is none or not there. */
  readLink(path: string): Promise<string | undefined>;
  /** Removes a file or link; false when there was none. */
  removeFile(path: string): Promise<boolean>;
  /** Removes an empty folder; false when there was none. Error: not-empty. */
  removeFolder(path: string): Promise<boolean>;
  /** Removes a folder with all that is in it, links not followed; false when there was none. */
  removeTree(path: string): Promise<boolean>;
  /** `removeFile` for what is surely small. */
  removeLink(path: string): Promise<boolean>;
  /**
   * Gives what lies at `path` a pending file's name in the same folder. For a folder of which others may change what is in it
   * while it is being removed: an empty one goes with `removeStalePending`, another stays. Gives its new path; `undefined` when there was none.
   */
  setAside(path: string): Promise<string | undefined>;
  /**
   * Sets access and modification time, milliseconds since 1970. Those of a file of another user that we may only write to become
   * the system's own present: no other can be set.
   */
  touch(path: string, modifiedMs: number): Promise<void>;
  /** The canonical path of an existing one. */
  realPath(path: string): Promise<string>;
  /**
   * Removes pending files of dead processes from this one folder: at once those of this machine, and those that nobody here can
   * judge when nothing has written to them for `olderThanMs`. Gives their number.
   */
  removeStalePending(folder: string, olderThanMs: number): Promise<number>;
  /** Free bytes for this user on the file system that holds `path`. */
  freeBytes(path: string): Promise<number>;
}
