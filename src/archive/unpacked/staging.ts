/**
 * A folder that nobody else looks into, beside the one that it is to become: what is unpacked lies there until all of it is right. What a
 * process that was killed has left is removed by the next one that unpacks there.
 */
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { type Disk, isPendingName, pendingName } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";

/** Left by those of whom nobody knows whether they live. */
const staleMs = 24 * 3600 * 1000;

export interface Staging {
  /** Empty at first. */
  readonly path: string;
  /** Whether it lies in the target, because it cannot lie beside it. */
  readonly isInside: boolean;
  /** Removes it with what is still in it. */
  close(): Promise<void>;
}

/** `target` is an absolute path without links at its end, of a folder or of nothing. Errors of the disk. */
export async function openStaging(disk: Disk, target: string): Promise<Staging> {
  const parent = dirname(target);
  const there = await disk.stat(target);
  if (there === undefined) await disk.makeFolder(parent);
  const beside = await disk.stat(parent, { followLinks: true });
  // a folder that something was mounted on cannot be replaced
  if (there !== undefined && there.device !== beside?.device) return stagingIn(disk, target, true);
  try {
    return await stagingIn(disk, parent, false);
  } catch (error) {
    if (there === undefined || !isEntrepotError(error, "forbidden", "read-only")) throw error;
    return stagingIn(disk, target, true);
  }
}

async function stagingIn(disk: Disk, folder: string, isInside: boolean): Promise<Staging> {
  await removeStale(disk, folder);
  const outer = join(folder, pendingName(randomBytes(16).toString("hex")));
  await disk.makeFolder(outer, 0o700);
  // says whose it is, for as long as this process lives
  const marker = await disk.createPending(outer);
  const path = join(outer, "content");
  await disk.makeFolder(path);
  return {
    path,
    isInside,
    async close() {
      await marker.discard();
      await disk.removeTree(outer);
    },
  };
}

/** What cannot be removed is no failure of those who came for something else. */
async function removeStale(disk: Disk, folder: string): Promise<void> {
  for (const { name, kind } of (await disk.readFolder(folder).catch(() => undefined)) ?? []) {
    if (kind !== "folder" || !isPendingName(name)) continue;
    const outer = join(folder, name);
    const inside = (await disk.readFolder(outer).catch(() => undefined)) ?? [];
    if (!inside.some((entry) => entry.name === "content" && entry.kind === "folder")) continue;
    const isDead = (await disk.removeStalePending(outer, staleMs).catch(() => 0)) > 0;
    if (isDead) await disk.removeTree(outer).catch(() => undefined);
  }
}
