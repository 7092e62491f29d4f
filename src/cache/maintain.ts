/** What is in the cache, and how much of what kind. */
import { join } from "node:path";
import { type Premises, weighShard } from "./limits/survey.ts";
import { shards, type Weighed } from "./scan.ts";
import { nothing, plus, type Usage } from "./usage.ts";

export interface MaintenanceOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What is here in all, and parts of it that overlap. */
export interface Holdings extends Usage {
  /** What nothing takes away before it is unpinned. */
  readonly pinned: Usage;
  /** Pieces of objects that are not here whole; not in `objects` and `sizeBytes`. */
  readonly ranges: Usage;
  /** What some process holds or this one reads; it stays for so long. */
  readonly inUse: Usage;
}

/** Walks over everything, and reads no record. */
export async function stats(premises: Premises): Promise<Holdings> {
  const { disk, layout, shelf, accounts } = premises;
  const sums = { all: nothing, pinned: nothing, ranges: nothing, inUse: nothing };
  const isInUse = await shelf.leases.whatIsInUse();
  const counted = await accounts.areKept();
  for (const folder of await shards(disk, layout)) {
    for await (const weighed of weighShard(premises, folder, { counted, timed: false })) {
      sums.ranges = plus(sums.ranges, { objects: weighed.pieces.length, sizeBytes: sizeOf(weighed.pieces) });
      if (!weighed.hasRecord) continue;
      const usage = { objects: 1, sizeBytes: weighed.sizeBytes };
      sums.all = plus(sums.all, usage);
      if (weighed.pinNames.length > 0) sums.pinned = plus(sums.pinned, usage);
      if (isHeld(weighed, isInUse)) sums.inUse = plus(sums.inUse, usage);
    }
  }
  const { all, ...parts } = sums;
  return { ...all, ...parts };
}

function isHeld({ folder, dataNames }: Weighed, isInUse: (path: string) => boolean): boolean {
  return dataNames.some((name) => isInUse(join(folder, name)));
}

function sizeOf(pieces: readonly { readonly sizeBytes: number }[]): number {
  return pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0);
}
