/** A staged folder becomes the target: as a whole where the target is new or empty, by one rename. */
import { dirname, join } from "node:path";
import type { Disk, FileStat } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { mergeFolder, moveChildren } from "./merge-folder.ts";
import type { Staging } from "./staging.ts";

/** What becomes of a target that holds something. */
export type Existing = "refuse" | "merge" | "replace";

/** The path that a target really has; a link to a folder is followed. Errors: already-exists for a file, not-empty. */
export async function openTarget(disk: Disk, path: string, existing: Existing): Promise<string> {
  const stat = await disk.stat(path, { followLinks: true });
  if (stat === undefined) return path;
  if (stat.kind !== "folder") {
    const hint = "name another folder, or remove the file first";
    throw new EntrepotError("already-exists", `${path} is there, and no folder`, { hint });
  }
  if (existing === "refuse" && !(await isEmpty(disk, path))) throw notEmpty(path);
  return disk.realPath(path);
}

/** Errors: not-empty where somebody put something there meanwhile, and those of the disk. */
export async function publishFolder(disk: Disk, staging: Staging, target: string, existing: Existing): Promise<void> {
  const there = await disk.stat(target);
  if (existing === "merge" && there !== undefined) return mergeFolder(disk, staging.path, target);
  if (staging.isInside) return publishInside(disk, staging, target, existing);
  if (existing === "replace" && there !== undefined) return replace(disk, staging.path, target, there);
  try {
    await disk.rename(staging.path, target);
  } catch (error) {
    throw isEntrepotError(error, "not-empty", "already-exists") ? notEmpty(target) : error;
  }
}

/** For a moment there is neither; a failure brings the old one back. */
async function replace(disk: Disk, staged: string, target: string, there: FileStat): Promise<void> {
  if (there.kind !== "folder") throw notEmpty(target);
  const aside = await disk.setAside(target);
  try {
    await disk.rename(staged, target);
  } catch (error) {
    if (aside !== undefined) await disk.rename(aside, target);
    throw error;
  }
  if (aside !== undefined) await disk.removeTree(aside);
}

/** A folder that something was mounted on stays; what is in it changes name by name. */
async function publishInside(disk: Disk, staging: Staging, target: string, existing: Existing): Promise<void> {
  const own = dirname(staging.path);
  const others = ((await disk.readFolder(target)) ?? []).filter(({ name }) => join(target, name) !== own);
  if (others.length > 0 && existing !== "replace") throw notEmpty(target);
  for (const { name } of others) await disk.removeTree(join(target, name));
  await moveChildren(disk, staging.path, target);
}

async function isEmpty(disk: Disk, path: string): Promise<boolean> {
  return ((await disk.readFolder(path)) ?? []).length === 0;
}

function notEmpty(path: string): EntrepotError {
  return new EntrepotError("not-empty", `${path} holds something already; nothing was unpacked`, {
    hint: 'unpack into another folder, or say what becomes of it: { existing: "merge" } or { existing: "replace" } (--existing merge)',
  });
}
