/** Making, flushing and removing folders. Links are never followed downwards. */
import { dirname, join } from "node:path";
import { diskError, errnoOf } from "./errors.ts";
import { type FsOperations, openFlags } from "./fs-operations.ts";

/** The path of a folder that was not there before. */
export type MadeFolder = string;

/** Makes `path` and its parents; the result names those that are new, from the top. */
export function makeFolders(fs: FsOperations, path: string, mode: number | undefined): readonly MadeFolder[] {
  try {
    return make(fs, path, mode);
  } catch (error) {
    throw diskError(error, "make the folder", path);
  }
}

function make(fs: FsOperations, path: string, mode: number | undefined): readonly MadeFolder[] {
  if (fs.stat(path)?.isDirectory() === true) return [];
  try {
    return [makeOne(fs, path, mode)];
  } catch (error) {
    if (errnoOf(error) === "EEXIST" && fs.stat(path)?.isDirectory() === true) return [];
    if (errnoOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    const above = make(fs, dirname(path), mode);
    // some file systems, /proc for one, say "missing" of folders that cannot be made: where nothing was made above, so it stays
    if (above.length === 0) throw error;
    return [...above, ...make(fs, path, mode)];
  }
}

function makeOne(fs: FsOperations, path: string, mode: number | undefined): MadeFolder {
  if (mode === undefined) {
    fs.mkdir(path, 0o777);
    return path;
  }
  fs.mkdir(path, 0o700);
  // By descriptor: between mkdir and a chmod by path, the name could come to mean something else.
  const fd = fs.open(path, openFlags.folder | openFlags.read);
  try {
    fs.fchmod(fd, mode);
  } finally {
    fs.close(fd);
  }
  return path;
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
