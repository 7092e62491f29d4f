/** One shard after the other, weighed; where the cache is counted, what was found is noted. */
import type { Disk } from "../../disk/index.ts";
import { scanShard, type Weighed, weigh } from "../scan.ts";
import type { Shelf } from "../shelf.ts";
import { nothing, plus, type Usage } from "../usage.ts";
import type { Accounts } from "./accounts.ts";
import { usageOf } from "./take-away.ts";

/** What everything that looks at the whole cache works with. */
export interface Premises {
  readonly disk: Disk;
  readonly layout: string;
  readonly shelf: Shelf;
  readonly accounts: Accounts;
  /** Of the files that are made. */
  readonly mode: number;
  readonly now: () => number;
}

/** What lies in a shard, in no particular order. `counted`: say so to all processes. */
export async function weighShard(
  { disk, accounts, mode }: Premises,
  folder: string,
  counted: boolean,
): Promise<Weighed[]> {
  const before = counted ? await accounts.read(folder) : undefined;
  const all: Weighed[] = [];
  let usage: Usage = nothing;
  for (const scanned of await scanShard(disk, folder)) {
    const weighed = await weigh(disk, scanned);
    usage = plus(usage, usageOf(weighed));
    all.push(weighed);
  }
  if (counted) await accounts.begin(folder, usage, before, mode);
  return all;
}
