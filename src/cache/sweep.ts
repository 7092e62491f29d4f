/**
 * Files that belong to nothing: pending ones and leases of dead processes, data without a record. Whole entries are left alone,
 * and so is what a living process holds.
 */
import { join } from "node:path";
import type { Disk } from "../disk/index.ts";
import { scan, shards } from "./scan.ts";
import type { Shelf } from "./shelf.ts";

/** They are left alone for so long: somebody may be about to publish them. Milliseconds. */
export const strayAgeMs = 3_600_000;

export interface SweepPremises {
  readonly disk: Disk;
  readonly layout: string;
  readonly shelf: Shelf;
}

export async function sweep({ disk, layout, shelf }: SweepPremises): Promise<void> {
  for (const folder of [layout, ...(await shards(disk, layout))]) await disk.removeStalePending(folder, strayAgeMs);
  await shelf.leases.sweep();
  const isInUse = await shelf.leases.whatIsInUse();
  for await (const { entry, folder, dataNames } of scan(disk, layout)) {
    if (dataNames.length === 0) continue;
    const found = await shelf.reader.find(entry);
    if (found === "unreadable") continue;
    const current = typeof found === "object" ? found.record.dataName : undefined;
    for (const path of dataNames.filter((name) => name !== current).map((name) => join(folder, name))) {
      if (!isInUse(path)) await shelf.removeStray(path, strayAgeMs);
    }
  }
}
