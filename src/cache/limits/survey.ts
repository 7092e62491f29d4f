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
  /** Where temporary files go. */
  readonly tempDir: () => Promise<string>;
}

export interface WeighOptions {
  /** Say to all processes how much it is. */
  readonly counted: boolean;
  /** Find out when entries were last used; without it that time is 0, and it takes half as long. Default true. */
  readonly timed?: boolean | undefined;
}

/** What lies in a shard, one by one and in no particular order. What goes in the meantime has been counted, and is noted as gone. */
export async function* weighShard(
  { disk, accounts, mode }: Premises,
  folder: string,
  { counted, timed = true }: WeighOptions,
): AsyncGenerator<Weighed, void, undefined> {
  const before = counted ? await accounts.read(folder) : undefined;
  let usage: Usage = nothing;
  for (const scanned of await scanShard(disk, folder)) {
    const weighed = await weigh(disk, scanned, timed);
    usage = plus(usage, usageOf(weighed));
    yield weighed;
  }
  if (counted) await accounts.begin(folder, usage, before, mode);
}
