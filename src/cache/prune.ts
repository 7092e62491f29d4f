/** Taking out what limits or an address say, in two walks at most and never with more than one shard in memory. */
import type { EntrepotError } from "../error/index.ts";
import { isAt } from "./address.ts";
import { type CacheEntry, entryOf } from "./entries.ts";
import { isOlder } from "./limits/ages.ts";
import type { Limits } from "./limits/limits.ts";
import { type Cut, Oldest } from "./limits/oldest.ts";
import { type Premises, weighShard } from "./limits/survey.ts";
import { type Candidate, candidatesOf, type OnGoing, takeAway, usageOf } from "./limits/take-away.ts";
import { piecesIn } from "./ranges/piece-names.ts";
import { shards, type Weighed } from "./scan.ts";
import { isOdd, strayAgeMs, sweepShard } from "./sweep.ts";
import { nothing, plus, type Usage } from "./usage.ts";

export interface RemovalOptions {
  readonly signal?: AbortSignal | undefined;
  /** Only say what would go. */
  readonly dryRun?: boolean | undefined;
  /** Told of each entry that went (or would); not in order. Records are only read for this. */
  readonly onEntry?: ((entry: CacheEntry) => void) | undefined;
  /** Told of what could not be removed, with its address where that is known. Default: a warning. */
  readonly onStuck?: ((stuck: Stuck) => void) | undefined;
}

/** What is still there although it should have gone; the error names the file. */
export interface Stuck {
  readonly uri: string | undefined;
  readonly sizeBytes: number;
  readonly error: EntrepotError;
}

/** Every limit is for itself; an entry goes when one of them says so. */
export type PruneLimits = Limits;

/** Looks this often who holds what. */
const batch = 256;

export async function prune(
  premises: Premises,
  { dryRun = false, signal, onEntry, onStuck, ...limits }: PruneLimits & RemovalOptions,
): Promise<Usage> {
  const nowMs = premises.now();
  const isPast = ({ fetchedMs, usedMs }: { readonly fetchedMs: number; readonly usedMs: number }) =>
    isOlder(fetchedMs, nowMs, limits.olderThanMs) || isOlder(usedMs, nowMs, limits.unusedForMs);
  const goes = (candidate: Candidate) =>
    isPast(candidate.pieceName === undefined ? candidate.weighed : { ...candidate, fetchedMs: candidate.usedMs });
  const cut = await cutOf(premises, limits, goes, signal);
  let rest = cut.rest;
  const isOver = (candidate: Candidate) => {
    if (goes(candidate) || candidate.usedMs < cut.beforeMs) return true;
    if (candidate.usedMs >= cut.boundaryMs || (rest.objects <= 0 && rest.sizeBytes <= 0)) return false;
    rest = { objects: rest.objects - candidate.usage.objects, sizeBytes: rest.sizeBytes - candidate.usage.sizeBytes };
    return true;
  };
  return remove(premises, (weighed) => candidatesOf(weighed).filter(isOver), { dryRun, signal, onEntry, onStuck });
}

export async function clear(
  premises: Premises,
  address: string | undefined,
  options: RemovalOptions = {},
): Promise<Usage> {
  const { reader, pieces } = premises.shelf;
  const isWanted = async ({ entry, folder, rangeNames }: Weighed) => {
    if (address === undefined) return true;
    const found = await reader.find(entry);
    if (typeof found === "object") return isAt(found.record, address);
    const head = rangeNames.length === 0 ? undefined : await pieces.headOf(piecesIn(folder, rangeNames));
    return head !== undefined && isAt(head, address);
  };
  return remove(premises, async (weighed) => ((await isWanted(weighed)) ? candidatesOf(weighed) : []), options);
}

/** What must go by size and number, the rest of what age takes. */
async function cutOf(
  premises: Premises,
  { maxBytes, maxObjects, minFreeBytes }: Limits,
  goes: (candidate: Candidate) => boolean,
  signal: AbortSignal | undefined,
): Promise<Cut> {
  const oldest = new Oldest();
  if (maxBytes === undefined && maxObjects === undefined && minFreeBytes === undefined) return oldest.cut(nothing);
  let total = nothing;
  let going = nothing;
  for await (const { entries } of shardsOf(premises, signal)) {
    for await (const weighed of entries) {
      signal?.throwIfAborted();
      total = plus(total, usageOf(weighed));
      for (const candidate of candidatesOf(weighed)) {
        if (goes(candidate)) going = plus(going, candidate.usage);
        else oldest.add(candidate.usedMs, candidate.usage);
      }
    }
  }
  const lacking = minFreeBytes === undefined ? 0 : minFreeBytes - (await freeBytes(premises));
  return oldest.cut({
    objects: total.objects - going.objects - (maxObjects ?? Number.POSITIVE_INFINITY),
    sizeBytes: Math.max(total.sizeBytes - (maxBytes ?? Number.POSITIVE_INFINITY), lacking) - going.sizeBytes,
  });
}

async function freeBytes({ disk, layout }: Premises): Promise<number> {
  return (await disk.stat(layout)) === undefined ? Number.POSITIVE_INFINITY : disk.freeBytes(layout);
}

async function remove(
  premises: Premises,
  choose: (weighed: Weighed) => readonly Candidate[] | Promise<readonly Candidate[]>,
  { dryRun = false, signal, onEntry, onStuck }: RemovalOptions,
): Promise<Usage> {
  const { shelf } = premises;
  const onGoing = onEntry === undefined ? undefined : telling(premises, onEntry);
  const stuck = onStuck === undefined ? undefined : tellingStuck(premises, onStuck);
  let removed = nothing;
  const take = async (candidates: readonly Candidate[]) => {
    removed = plus(removed, await takeAway(premises, candidates, { dryRun, onGoing, onStuck: stuck, signal }));
  };
  for await (const { folder, entries } of shardsOf(premises, signal)) {
    const going: Candidate[] = [];
    const odd: Weighed[] = [];
    for await (const weighed of entries) {
      signal?.throwIfAborted();
      if (isOdd(weighed)) odd.push(weighed);
      going.push(...(await choose(weighed)));
      if (going.length >= batch) await take(going.splice(0));
    }
    await take(going);
    if (dryRun) continue;
    await sweepShard(shelf, folder, odd);
    await premises.disk.removeStalePending(folder, strayAgeMs);
  }
  if (dryRun) return removed;
  await shelf.leases.sweep();
  await shelf.sweepLocks();
  await premises.disk.removeStalePending(premises.layout, strayAgeMs);
  return removed;
}

/** A piece of something large is not an entry, and goes unsaid. */
function telling({ shelf }: Premises, onEntry: (entry: CacheEntry) => void): OnGoing {
  return async ({ weighed, pieceName }) => {
    if (pieceName !== undefined) return undefined;
    const found = await shelf.reader.find(weighed.entry);
    if (typeof found !== "object") return undefined;
    const entry = entryOf(shelf, found, weighed);
    return () => onEntry(entry);
  };
}

function tellingStuck({ shelf }: Premises, onStuck: (stuck: Stuck) => void) {
  return async ({ weighed, usage: { sizeBytes } }: Candidate, error: EntrepotError): Promise<void> => {
    const found = await shelf.reader.find(weighed.entry);
    onStuck({ uri: typeof found === "object" ? found.record.uri : undefined, sizeBytes, error });
  };
}

interface Shard {
  readonly folder: string;
  readonly entries: AsyncIterable<Weighed>;
}

async function* shardsOf(premises: Premises, signal: AbortSignal | undefined): AsyncGenerator<Shard, void, undefined> {
  if (!(await premises.shelf.isUsable())) return;
  const counted = await premises.accounts.areKept();
  for (const folder of await shards(premises.disk, premises.layout)) {
    signal?.throwIfAborted();
    yield { folder, entries: weighShard(premises, folder, { counted }) };
  }
}
