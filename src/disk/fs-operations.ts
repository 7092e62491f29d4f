/**
 * The primitive operations of the file system that this room uses, as one value, so that a test can fail the Nth.
 * Names ending in `Later` run on the thread pool; the others block, and are only used for what is short.
 */
import * as fs from "node:fs";
import { promisify } from "node:util";

/** Flags of `open`; links are never followed unless a caller asks for it. */
type OpenFlag = "read" | "readFollowing" | "write" | "create" | "append" | "folder";
export const openFlags: Readonly<Record<OpenFlag, number>> = {
  // Without O_NONBLOCK, a pipe under a name that somebody planted would hang the whole process.
  read: fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK,
  write: fs.constants.O_WRONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK,
  readFollowing: fs.constants.O_RDONLY | fs.constants.O_NONBLOCK,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_NOFOLLOW,
  append: fs.constants.O_WRONLY | fs.constants.O_APPEND | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK,
  folder: fs.constants.O_RDONLY | fs.constants.O_DIRECTORY,
};

/** What `openNodeDisk` needs of the operating system. Errors are Node's own, with an errno in `code`. */
export interface FsOperations {
  open(path: string, flags: number, mode?: number): number;
  close(fd: number): void;
  fstat(fd: number): fs.BigIntStats;
  /** `undefined` when nothing bears the name. */
  lstat(path: string): fs.BigIntStats | undefined;
  stat(path: string): fs.BigIntStats | undefined;
  read(fd: number, target: Uint8Array, offset: number, length: number, position: number): number;
  write(fd: number, chunk: Uint8Array, offset: number, length: number, position: number): number;
  /** Where the file ends at that moment, which only a descriptor for appending gives. */
  append(fd: number, chunk: Uint8Array): number;
  readLater(fd: number, target: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  writeLater(fd: number, chunk: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  fsyncLater(fd: number): Promise<void>;
  fchmod(fd: number, mode: number): void;
  /** The owner stays. */
  fchgrp(fd: number, gid: number): void;
  ftruncate(fd: number, sizeBytes: number): void;
  /** Seconds since 1970. */
  futimes(fd: number, accessed: number, modified: number): void;
  /** Seconds since 1970; of a link itself. */
  lutimes(path: string, accessed: number, modified: number): void;
  link(from: string, to: string): void;
  symlink(target: string, path: string): void;
  readLink(path: string): string;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  mkdir(path: string, mode: number): void;
  rmdir(path: string): void;
  renameLater(from: string, to: string): Promise<void>;
  /** Fails when `to` is there; shares blocks where the file system can. */
  copyFileLater(from: string, to: string): Promise<void>;
  unlinkLater(path: string): Promise<void>;
  readFolderLater(path: string): Promise<fs.Dirent[]>;
  realPathLater(path: string): Promise<string>;
  freeBytesLater(path: string): Promise<number>;
}

const readLater = promisify(fs.read) as (...args: FdBytes) => Promise<{ bytesRead: number }>;
const writeLater = promisify(fs.write) as (...args: FdBytes) => Promise<{ bytesWritten: number }>;
type FdBytes = [fd: number, bytes: Uint8Array, offset: number, length: number, position: number];

const copyFlags = fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE;

/** The real ones. */
export const nodeFsOperations: FsOperations = {
  open: fs.openSync,
  close: fs.closeSync,
  fstat: (fd) => fs.fstatSync(fd, { bigint: true }),
  lstat: (path) => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false }),
  stat: (path) => fs.statSync(path, { bigint: true, throwIfNoEntry: false }),
  read: fs.readSync,
  write: fs.writeSync,
  append: (fd, chunk) => fs.writeSync(fd, chunk),
  readLater: async (...args) => (await readLater(...args)).bytesRead,
  writeLater: async (...args) => (await writeLater(...args)).bytesWritten,
  fsyncLater: promisify(fs.fsync),
  fchmod: fs.fchmodSync,
  fchgrp: (fd, gid) => fs.fchownSync(fd, -1, gid),
  ftruncate: fs.ftruncateSync,
  futimes: fs.futimesSync,
  lutimes: fs.lutimesSync,
  link: fs.linkSync,
  symlink: (target, path) => fs.symlinkSync(target, path),
  readLink: (path) => fs.readlinkSync(path),
  rename: fs.renameSync,
  unlink: fs.unlinkSync,
  mkdir: (path, mode) => void fs.mkdirSync(path, mode),
  rmdir: (path) => fs.rmdirSync(path),
  renameLater: fs.promises.rename,
  copyFileLater: (from, to) => fs.promises.copyFile(from, to, copyFlags),
  unlinkLater: fs.promises.unlink,
  readFolderLater: (path) => fs.promises.readdir(path, { withFileTypes: true }),
  realPathLater: (path) => fs.promises.realpath(path),
  freeBytesLater: async (path) => {
    const { bavail, bsize } = await fs.promises.statfs(path);
    return bavail * bsize;
  },
};
