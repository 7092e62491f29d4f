/** Making, flushing and removing folders. Links are never followed downwards. */
import { dirname, join } from "node:path";
import { diskError, errnoOf } from "./errors.ts";
import { type FsOperations, openFlags } from "./fs-operations.ts";
import { pendingName } from "./reserved-names.ts";

/** The path of a folder that was not there before. */
export type MadeFolder = string;

/** What making folders needs of the disk. */
export interface FolderContext {
  readonly fs: FsOperations;
  readonly randomHex: () => string;
}

/** Makes `path` and its parents; the result names those that are new, from the top. */
export function makeFolders(
  context: FolderContext,
  path: string,
  mode: number | undefined,
  { followLinks = true }: { readonly followLinks?: boolean } = {},
): readonly MadeFolder[] {
  const { fs } = context;
  try {
    const there = followLinks ? fs.stat(path) : fs.lstat(path);
    if (there?.isSymbolicLink() === true) throw Object.assign(new Error("ELOOP"), { code: "ELOOP", errno: -40 });
    return there?.isDirectory() === true ? [] : make(context, path, mode);
  } catch (error) {
    throw diskError(error, "make the folder", path);
  }
}

function make(
  context: FolderContext,
  path: string,
  mode: number | undefined,
  { isParentThere = false } = {},
): readonly MadeFolder[] {
  const { fs } = context;
  try {
    makeOne(context, path, mode);
    return [path];
  } catch (error) {
    if (fs.stat(path)?.isDirectory() === true) return [];
    // some file systems, /proc for one, say "missing" of folders that cannot be made
    if (errnoOf(error) !== "ENOENT" || dirname(path) === path || isParentThere) throw error;
    const above = make(context, dirname(path), mode);
    // nothing was made above: it was there all along, or somebody else has made it since
    return [...above, ...make(context, path, mode, { isParentThere: above.length === 0 })];
  }
}

function makeOne(context: FolderContext, path: string, mode: number | undefined): void {
  const { fs, randomHex } = context;
  if (mode === undefined) {
    fs.mkdir(path, 0o777);
    return;
  }
  if ((mode & 0o077) === 0) {
    makeAs(fs, path, mode);
    return;
  }
  // Others must never meet it as it is before its mode is set, and a process that dies then must not leave it so for good.
  const pending = join(dirname(path), pendingName(randomHex()));
  makeAs(fs, pending, mode);
  try {
    fs.rename(pending, path);
  } catch (error) {
    fs.rmdir(pending);
    throw error;
  }
}

function makeAs(fs: FsOperations, path: string, mode: number): void {
  fs.mkdir(path, 0o700);
  try {
    // By descriptor: between mkdir and a chmod by path, the name could come to mean something else.
    const fd = fs.open(path, openFlags.folder | openFlags.read);
    try {
      if ((mode & 0o070) !== 0) takeGroup(fs, fd, dirname(path));
      fs.fchmod(fd, mode);
    } finally {
      fs.close(fd);
    }
  } catch (error) {
    fs.rmdir(path);
    throw error;
  }
}

/** Gives an open file or folder of ours the group of the folder that it lies in, as far as we may. */
export function takeGroup(fs: FsOperations, fd: number, folder: string): void {
  const gid = fs.stat(folder)?.gid;
  if (gid === undefined || gid === fs.fstat(fd).gid) return;
  try {
    fs.fchgrp(fd, Number(gid));
  } catch {
    // We are not in that group; whoever shares the folder has to say so with its setgid bit.
  }
}

/** Flushes the names in a folder to the disk. */
export async function syncFolder(fs: FsOperations, path: string): Promise<void> {
  const fd = fs.open(path, openFlags.folder);
  try {
    await fs.fsyncLater(fd);
  } catch (error) {
    // Some network and user-space file systems flush names by themselves and refuse this.
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP"].includes(errnoOf(error) ?? "")) throw error;
  } finally {
    fs.close(fd);
  }
}

/** Removes what lies at `path`, from the leaves up; false when nothing did. */
export async function removeTree(fs: FsOperations, path: string): Promise<boolean> {
  const stats = fs.lstat(path);
  if (stats === undefined) return false;
  if (!stats.isDirectory()) {
    await ignoringMissing(() => fs.unlinkLater(path));
    return true;
  }
  const entries = (await ignoringMissing(() => fs.readFolderLater(path))) ?? [];
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await removeTree(fs, child);
    else await ignoringMissing(() => fs.unlinkLater(child));
  }
  await ignoringMissing(async () => fs.rmdir(path));
  return true;
}

/** `undefined` when somebody else was faster. */
async function ignoringMissing<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
