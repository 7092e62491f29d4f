/**
 * What becomes of a staging folder whose work has ended, well or by a kill at any moment: the target becomes what it was or what it was to
 * be, and the rest is removed. Which of the two, the names in it say.
 */
import { basename, dirname, join } from "node:path";
import { type Disk, isPendingName } from "../../disk/index.ts";
import { finishMerge } from "./finish-merge.ts";

/** Left by those of whom nobody knows whether they live. */
const staleMs = 24 * 3600 * 1000;

export interface StagingParts {
  /** What is unpacked. As long as it is there nothing of it is in the target. */
  readonly content: string;
  /** What the target held. */
  readonly previous: string;
  /** Names of the target that is replaced as a whole. */
  readonly replaces: string;
  /** `content`, once its names move into the target one by one: all that was there is in `previous`. */
  readonly publishing: string;
  /** Names of the target that is merged into, if it lies beside; its time is that of the merge. */
  readonly merges: string;
  /** `content`, once it moves into the target over what is there: what is left of it is still to be moved. */
  readonly merging: string;
}

export function partsOf(outer: string): StagingParts {
  const part = (name: string) => join(outer, name);
  return {
    content: part("content"),
    previous: part("previous"),
    replaces: part("replaces"),
    publishing: part("publishing"),
    merges: part("merges"),
    merging: part("merging"),
  };
}

const partNames: readonly string[] = ["content", "previous", "replaces", "publishing", "merges", "merging"];

/** Settles what dead processes have left beside this target and in it. What cannot be settled stays, and is no failure. */
export async function settleBeside(disk: Disk, target: string): Promise<void> {
  for (const folder of [dirname(target), target]) {
    const names = (await disk.readFolder(folder).catch(() => undefined)) ?? [];
    const pending = names.filter(({ name }) => isPendingName(name));
    // what is empty says by its name whose it is
    if (pending.length > 0) await disk.removeStalePending(folder, staleMs).catch(() => undefined);
    for (const { name, kind } of pending) {
      if (kind !== "folder") continue;
      const outer = join(folder, name);
      try {
        if (!(await isOurs(disk, outer)) || !(await isLeft(disk, outer))) continue;
        await settle(disk, outer);
        await disk.removeTree(outer);
      } catch {
        // it is found again by the next one
      }
    }
  }
}

/** In a folder that all may write to, such as /tmp, anybody could say what is to be moved where. */
async function isOurs(disk: Disk, outer: string): Promise<boolean> {
  const user = process.getuid?.();
  return user === undefined || (await disk.stat(outer))?.uid === user;
}

/** Whether its process is dead. The mark of one that lives is there before and after everything else. */
async function isLeft(disk: Disk, outer: string): Promise<boolean> {
  const names = ((await disk.readFolder(outer)) ?? []).map(({ name }) => name);
  const marks = names.filter(isPendingName);
  if (!names.some((name) => partNames.includes(name)) && marks.length < Math.max(1, names.length)) return false;
  return marks.length === 0 || (await disk.removeStalePending(outer, staleMs)) > 0;
}

/** Gives the target its old folder back unless it has the new one, and ends a merge that was begun; then nothing but the mark is left. Errors of the disk: nothing is lost. */
export async function settle(disk: Disk, outer: string): Promise<void> {
  const { content, previous, replaces, publishing, merges, merging } = partsOf(outer);
  const has = async (path: string) => (await disk.stat(path)) !== undefined;
  if (await has(merging)) await mergeOn(disk, outer);
  else if (await has(publishing)) await moveMissing(disk, publishing, dirname(outer));
  else if ((await has(content)) && (await has(previous))) {
    if (await has(replaces)) await bringBack(disk, previous, await targetOf(disk, outer, replaces));
    else await moveMissing(disk, previous, dirname(outer));
  }
  // in this order, so that whoever is killed here leaves what says that nothing is to be brought back
  for (const path of [content, publishing, merging, previous, replaces, merges]) await disk.removeTree(path);
}

/** Whoever has removed the target wants nothing in it. */
async function mergeOn(disk: Disk, outer: string): Promise<void> {
  const { merges, merging } = partsOf(outer);
  const begun = await disk.stat(merges);
  const target = begun && (await targetOf(disk, outer, merges));
  if (begun === undefined || target === undefined || (await disk.stat(target))?.kind !== "folder") return;
  await finishMerge(disk, merging, target, begun.changedNs);
}

/** By the name that the file says; `.` where the staging folder lies in the target. */
async function targetOf(disk: Disk, outer: string, file: string): Promise<string | undefined> {
  const { bytes } = await disk.readFile(file, { maxBytes: 4096 });
  const name = new TextDecoder().decode(bytes);
  if (name === "." && basename(file) === "merges") return dirname(outer);
  const isName = name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name);
  return isName ? join(dirname(outer), name) : undefined;
}

/** What somebody has made there meanwhile stays. */
async function bringBack(disk: Disk, previous: string, target: string | undefined): Promise<void> {
  if (target === undefined) return;
  const there = await disk.stat(target);
  const isFree =
    there === undefined || (there.kind === "folder" && ((await disk.readFolder(target)) ?? []).length === 0);
  if (isFree) await disk.rename(previous, target);
}

/** Everything in one folder into another, but what is there already. */
export async function moveMissing(disk: Disk, from: string, to: string): Promise<void> {
  for (const { name } of (await disk.readFolder(from)) ?? []) {
    const target = join(to, name);
    if ((await disk.stat(target)) === undefined) await disk.rename(join(from, name), target);
  }
}
