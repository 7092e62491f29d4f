/**
 * Makes room at a cost for each entry that does not grow with the cache: of a small cache the least recently used go, of a
 * large one the least recently used of some shards at a time, which hashes fill evenly.
 */
import type { Weighed } from "../scan.ts";
import { isOdd, strayAgeMs, sweepShard } from "../sweep.ts";
import { isSome, minus, nothing, plus, type Usage } from "../usage.ts";
import { type Premises, weighShard } from "./survey.ts";
import { type Candidate, candidatesOf, takeAway } from "./take-away.ts";

/** Up to so many entries the order is exact. */
export const exactUpTo = 16_384;
/** Looked at in one round of a larger cache, at least. */
const sampleObjects = 1_024;
/** Of those, as many go at most: the more, the more often what was used lately is among them. */
const roundShare = 0.1;
/** Taken away between two looks at who holds what. */
const batch = 128;

export interface EvictOptions {
  readonly premises: Premises;
  /** The folders of all shards. */
  readonly folders: readonly string[];
  /** How many objects there are, about. */
  readonly objects: number;
  /** What must still go, by what all processes know; nothing above 0 when it is enough. Asked in every round. */
  readonly lacking: () => Promise<Usage>;
  /** From 0 below 1. */
  readonly random: () => number;
  /** Up to so many objects the order is exact. Default 16,384. */
  readonly exactUpTo?: number | undefined;
  /** Whether to leave the rest to others. */
  readonly isToEnd: () => boolean;
}

/** How many shards one round looks at. */
function shardsPerRound(shards: number, objects: number, exactly: number): number {
  if (objects <= exactly) return shards;
  return Math.max(1, Math.ceil((sampleObjects * shards) / objects));
}

/** Gives whether it is enough. When all shards together gave nothing more, it will not be. */
export async function evict({ premises, folders, objects, ...options }: EvictOptions): Promise<boolean> {
  const perRound = shardsPerRound(folders.length, objects, options.exactUpTo ?? exactUpTo);
  for (let isFreeing = true; isFreeing; ) {
    isFreeing = false;
    const order = shuffled(folders, options.random);
    while (order.length > 0) {
      if (options.isToEnd()) return false;
      // A walk may find less than was thought, and takes away what belongs to nothing.
      const sample = await oldestOf(premises, order.splice(0, perRound));
      const lacking = await options.lacking();
      if (!isSome(lacking)) return true;
      const share = perRound >= folders.length ? 1 : roundShare;
      const oldest = sample.slice(0, Math.ceil(sample.length * share));
      const freed = await free(premises, oldest, lacking);
      if (!isSome(minus(lacking, freed))) return true;
      if (isSome(freed)) isFreeing = true;
    }
  }
  return false;
}

async function oldestOf(premises: Premises, folders: readonly string[]): Promise<Candidate[]> {
  const sample: Candidate[] = [];
  for (const folder of folders) {
    const odd: Weighed[] = [];
    for await (const weighed of weighShard(premises, folder, { counted: true })) {
      sample.push(...candidatesOf(weighed));
      if (isOdd(weighed)) odd.push(weighed);
    }
    await sweepShard(premises.shelf, folder, odd);
    await premises.disk.removeStalePending(folder, strayAgeMs);
  }
  return sample.sort((a, b) => a.usedMs - b.usedMs);
}

/** Takes the first of `oldest` away until it is enough. Gives what went. */
async function free(premises: Premises, oldest: readonly Candidate[], lacking: Usage): Promise<Usage> {
  let freed = nothing;
  for (let next = 0; next < oldest.length && isSome(minus(lacking, freed)); ) {
    const going: Candidate[] = [];
    for (let hoped = freed; next < oldest.length && going.length < batch && isSome(minus(lacking, hoped)); next += 1) {
      const candidate = oldest[next] as Candidate;
      going.push(candidate);
      hoped = plus(hoped, candidate.usage);
    }
    freed = plus(freed, await takeAway(premises, going));
  }
  return freed;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}
