/** What is in the cache, and how much of what kind. */
import { join } from "node:path";
import { compareKeys } from "../uri/index.ts";
import { isAt } from "./address.ts";
import { type CacheEntry, entryOf } from "./entries.ts";
import type { Found, Looked } from "./entry-reader.ts";
import { type Premises, weighShard } from "./limits/survey.ts";
import { type Scanned, scan, shards, type Weighed } from "./scan.ts";
import { sorted } from "./sorted.ts";
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

/** In the order of the addresses' UTF-8 bytes; what is damaged is left out. Very many go through a temporary file. */
export function list(premises: Premises, address?: string): AsyncGenerator<CacheEntry, void, undefined> {
  const { disk, tempDir } = premises;
  return sorted(entriesAt(premises, address), { disk, folder: tempDir, compare: (a, b) => compareKeys(a.uri, b.uri) });
}

async function* entriesAt(premises: Premises, address: string | undefined) {
  for await (const { scanned, found } of records(premises)) {
    if (typeof found === "object" && isAt(found.record, address)) yield entryOf(premises.shelf, found, scanned);
  }
}

async function* records(
  { disk, layout, shelf }: Premises,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly scanned: Scanned; readonly found: Looked<Found> }, void, undefined> {
  if (!(await shelf.isUsable())) return;
  for await (const scanned of scan(disk, layout)) {
    signal?.throwIfAborted();
    if (scanned.hasRecord) yield { scanned, found: await shelf.reader.find(scanned.entry) };
  }
}

function isHeld({ folder, dataNames }: Weighed, isInUse: (path: string) => boolean): boolean {
  return dataNames.some((name) => isInUse(join(folder, name)));
}

function sizeOf(pieces: readonly { readonly sizeBytes: number }[]): number {
  return pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0);
}
