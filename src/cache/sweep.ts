/**
 * Files that belong to nothing: pending ones and leases of dead processes, data without a record. Whole entries are left alone,
 * and so is what a living process holds.
 */
import { join } from "node:path";
import type { Disk } from "../disk/index.ts";
import { type Scanned, scanShard, shards } from "./scan.ts";
import type { Shelf } from "./shelf.ts";

/** They are left alone for so long, unless their names say that their process is dead: somebody may be about to publish them. Milliseconds. */
export const strayAgeMs = 3_600_000;

export interface SweepPremises {
  readonly disk: Disk;
  readonly layout: string;
  readonly shelf: Shelf;
}

export async function sweep(premises: SweepPremises): Promise<void> {
  const { disk, layout, shelf } = premises;
  await shelf.leases.sweep();
  await shelf.sweepLocks();
  // Folders that somebody was making.
  await disk.removeStalePending(layout, strayAgeMs);
  for (const folder of await shards(disk, layout)) {
    await disk.removeStalePending(folder, strayAgeMs);
    await sweepShard(shelf, folder, await scanShard(disk, folder));
  }
}

/** Whether some of it may belong to nothing. As a rule a record has one file, and that is its own. */
export function isOdd({ hasRecord, dataNames }: Scanned): boolean {
  return dataNames.length !== (hasRecord ? 1 : 0) && dataNames.length > 0;
}

/** Takes away what has no record, of one shard that was just looked through. */
export async function sweepShard(shelf: Shelf, folder: string, all: Iterable<Scanned>): Promise<void> {
  let isInUse: ((path: string) => boolean) | undefined;
  for (const scanned of all) {
    if (!isOdd(scanned)) continue;
    const { entry, dataNames } = scanned;
    const found = await shelf.reader.find(entry);
    if (found === "unreadable") continue;
    const current = typeof found === "object" ? found.record.dataName : undefined;
    isInUse ??= await shelf.leases.whatIsInUse();
    for (const path of dataNames.filter((name) => name !== current).map((name) => join(folder, name))) {
      if (!isInUse(path)) await shelf.removal.removeStray(path, strayAgeMs);
    }
  }
}
