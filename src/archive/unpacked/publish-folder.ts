/**
 * A staged folder becomes the target: as a whole where the target is new or empty, by one rename. Where something is replaced, there is
 * neither for a moment, and a merge goes file by file; whoever is killed then leaves what the next one brings back, or ends.
 */
import { basename, dirname, join, resolve } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { mergeFolder } from "./merge-folder.ts";
import { moveMissing, settleBeside } from "./settle.ts";
import type { Staging } from "./staging.ts";

/** What becomes of a target that holds something. */
export type Existing = "refuse" | "merge" | "replace";

/**
 * The path that a target really has; a link to a folder is followed. Settles first what a process that was killed has left there.
 * Errors: already-exists for a file, not-empty.
 */
export async function openTarget(disk: Disk, path: string, existing: Existing): Promise<string> {
  const linked = await disk.readLink(path);
  await settleBeside(disk, linked === undefined ? path : resolve(dirname(path), linked));
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
  if (existing === "merge" && there !== undefined) return mergeFolder(disk, staging, target);
  if (staging.isInside) return publishInside(disk, staging, target, existing);
  if (existing === "replace" && there !== undefined) {
    if (there.kind !== "folder") throw notEmpty(target);
    await disk.rename(target, await staging.openPrevious());
  }
  try {
    await disk.rename(staging.path, target);
  } catch (error) {
    throw isEntrepotError(error, "not-empty", "already-exists") ? notEmpty(target) : error;
  }
}

/** A folder that something was mounted on stays; what is in it changes name by name. */
async function publishInside(disk: Disk, staging: Staging, target: string, existing: Existing): Promise<void> {
  const own = basename(dirname(staging.path));
  const others = ((await disk.readFolder(target)) ?? []).filter(({ name }) => name !== own);
  if (others.length > 0) {
    if (existing !== "replace") throw notEmpty(target);
    const previous = await staging.openPrevious();
    for (const { name } of others) await disk.rename(join(target, name), join(previous, name));
  }
  await moveMissing(disk, await staging.openPublishing(), target);
}

async function isEmpty(disk: Disk, path: string): Promise<boolean> {
  return ((await disk.readFolder(path)) ?? []).length === 0;
}

function notEmpty(path: string): EntrepotError {
  return new EntrepotError("not-empty", `${path} holds something already; nothing was unpacked`, {
    hint: 'unpack into another folder, or say what becomes of it: { existing: "merge" } or { existing: "replace" } (--existing merge)',
  });
}
