/** Collects what processes that are dead were filling: at once where their names say whose they are, else by age. */
import { join } from "node:path";
import type { Disk } from "./disk.ts";
import type { LivePending } from "./live-pending.ts";
import type { PendingOwners } from "./pending-owner.ts";
import { isPendingName } from "./reserved-names.ts";

export interface StalePremises {
  readonly live: LivePending;
  readonly owners: PendingOwners;
  readonly now: () => number;
}

/** Gives how many went. Errors of the disk. */
export async function removeStalePending(
  disk: Disk,
  { live, owners, now }: StalePremises,
  folder: string,
  olderThanMs: number,
): Promise<number> {
  let removed = 0;
  for (const { name, kind } of (await disk.readFolder(folder)) ?? []) {
    const path = join(folder, name);
    if (!isPendingName(name) || live.has(path)) continue;
    const stat = await disk.stat(path);
    if (stat === undefined) continue;
    const life = await owners.lifeOf(name);
    const ageMs = now() - Math.max(stat.modifiedMs, stat.changedMs);
    // A time to come says nothing of those who may be alive.
    if (life === "alive" || (life === "unknown" && ageMs < olderThanMs)) continue;
    // What may not be removed, or not yet, is no failure of those who came for something else.
    if (await (kind === "folder" ? disk.removeFolder(path) : disk.removeFile(path)).catch(() => false)) removed += 1;
  }
  return removed;
}
