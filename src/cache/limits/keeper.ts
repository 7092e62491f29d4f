/**
 * Keeps a cache within standing limits, after the calls that add to it. It knows from sums that all processes keep whether it
 * is time; folders are walked when they are not counted yet, when something must go, and once an hour for limits of age.
 */
import { join } from "node:path";
import { EntrepotError } from "../../error/index.ts";
import { shards, type Weighed } from "../scan.ts";
import { isOdd, strayAgeMs, sweepShard } from "../sweep.ts";
import { folderMode } from "../trust.ts";
import { isSome, nothing, type Usage } from "../usage.ts";
import { countedFrom, isLookDue, isOlder } from "./ages.ts";
import { evict, exactUpTo } from "./evict.ts";
import type { Limits } from "./limits.ts";
import { type Premises, weighShard } from "./survey.ts";
import { type Candidate, candidatesOf, takeAway } from "./take-away.ts";

/** When something goes there is room again, so that the next time is not at once. Rounds in large caches are shorter. */
const lowWater = { small: 0.9, large: 0.97 };
/** Others add, too: what they noted is read after so much of our own, a share of the limit … */
const readShare = 0.05;
/** … and after so long, milliseconds. */
const readEveryMs = 10_000;
/** Where space is to stay free it is made a little more, for the same reason. */
const freeMargin = 1.05;

export interface KeeperOptions {
  readonly premises: Premises;
  readonly limits: Limits;
  /** Whether somebody waits for the end, and what others can go on with should be left. */
  readonly isWaitedFor: () => boolean;
  readonly random: () => number;
}

export class Keeper {
  readonly #options: KeeperOptions;
  #running: Promise<void> | undefined;
  /** What this process had added when the sums were last read, and when everything was found in use or pinned. */
  #addedAtRead = nothing;
  #futile: { readonly added: Usage; readonly ms: number } | undefined;
  #lookedMs: number | undefined;
  #free: { readonly bytes: number; readonly addedBytes: number; readonly ms: number } | undefined;
  #isFull = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Of the largest object that is worth keeping. While the disk is full of other things nothing is, and looked at now and then. */
  largestBytes(): number | undefined {
    if (!this.#isFull) return this.#options.limits.maxBytes;
    const look = this.#isFreeDue() ? this.wake() : undefined;
    if (look !== undefined) this.#options.premises.shelf.later(look);
    return 0;
  }

  /** To be called when something was added and when the server answered; the promise, if any, is that of work that was due. */
  wake(): Promise<void> | undefined {
    if (this.#running !== undefined || !this.#isDue()) return undefined;
    this.#running = this.#work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  #isDue(): boolean {
    const { limits, premises } = this.#options;
    const { accounts, now } = premises;
    const { estimate } = accounts;
    if (this.#isFreeDue() || this.#isLookDue()) return true;
    if (limits.maxBytes === undefined && limits.maxObjects === undefined) return false;
    if (estimate === undefined) return true;
    if (isSome(this.#excess(estimate, 1))) return !this.#isFutile();
    return this.#isMuch(this.#addedAtRead) || isLong(now(), accounts.readMs ?? 0);
  }

  async #work(): Promise<void> {
    const { premises, limits } = this.#options;
    const { accounts, now, shelf } = premises;
    if (!(await shelf.isUsable())) return;
    await this.#count();
    if (this.#isLookDue()) await this.#look(now());
    const { estimate } = accounts;
    if (estimate !== undefined && isSome(this.#excess(estimate, 1)) && !this.#isFutile()) {
      const share = estimate.objects > exactUpTo ? lowWater.large : lowWater.small;
      const over = this.#excess(estimate, 1);
      const isEnough = await this.#evict(async () => {
        await this.#count();
        const { objects, sizeBytes } = this.#excess(accounts.estimate ?? nothing, share);
        // Only the limit that was exceeded asks for room.
        return { objects: over.objects > 0 ? objects : 0, sizeBytes: over.sizeBytes > 0 ? sizeBytes : 0 };
      });
      this.#futile = isEnough ? undefined : { added: accounts.added, ms: now() };
    }
    if (limits.minFreeBytes !== undefined) await this.#makeFree(limits.minFreeBytes);
  }

  /** Reads the sums, and walks over what nobody counted yet. */
  async #count(): Promise<void> {
    const { premises, isWaitedFor } = this.#options;
    const { unknown } = await premises.accounts.readAll();
    this.#addedAtRead = premises.accounts.added;
    for (const folder of unknown) {
      if (isWaitedFor()) return;
      // Counting is all, and nobody counts what the dead left.
      for await (const _ of weighShard(premises, folder, { counted: true, timed: false }));
      await premises.disk.removeStalePending(folder, strayAgeMs);
    }
  }

  async #evict(lacking: () => Promise<Usage>): Promise<boolean> {
    const { premises, random, isWaitedFor } = this.#options;
    const { accounts, disk, layout, shelf } = premises;
    await shelf.leases.sweep();
    await shelf.sweepLocks();
    return evict({
      premises,
      folders: await shards(disk, layout),
      objects: accounts.estimate?.objects ?? 0,
      lacking,
      random,
      isToEnd: isWaitedFor,
    });
  }

  /** What is too much, when `share` of the limits may be used. */
  #excess({ objects, sizeBytes }: Usage, share: number): Usage {
    const { maxBytes = Number.POSITIVE_INFINITY, maxObjects = Number.POSITIVE_INFINITY } = this.#options.limits;
    return {
      objects: Math.ceil(objects - maxObjects * share),
      sizeBytes: Math.ceil(sizeBytes - maxBytes * share),
    };
  }

  /** Whether so much came since that others, too, may have added much. */
  #isMuch(before: Usage): boolean {
    const { premises, limits } = this.#options;
    const { added } = premises.accounts;
    const { maxBytes = Number.POSITIVE_INFINITY, maxObjects = Number.POSITIVE_INFINITY } = limits;
    return (
      added.sizeBytes - before.sizeBytes > maxBytes * readShare ||
      added.objects - before.objects > maxObjects * readShare
    );
  }

  #isFutile(): boolean {
    const futile = this.#futile;
    return futile !== undefined && !this.#isMuch(futile.added) && !isLong(this.#options.premises.now(), futile.ms);
  }

  #isLookDue(): boolean {
    const { limits, premises } = this.#options;
    const goesByTime = limits.olderThanMs !== undefined || limits.unusedForMs !== undefined;
    return goesByTime && isLookDue(premises.now(), this.#lookedMs);
  }

  /** Takes away what is too old, unless another process did within the hour. */
  async #look(nowMs: number): Promise<void> {
    const { premises, limits, isWaitedFor } = this.#options;
    const { disk, layout, mode } = premises;
    const mark = join(layout, "usage", "looked");
    const lookedMs = (await disk.stat(mark))?.modifiedMs;
    this.#lookedMs = nowMs;
    if (!isLookDue(nowMs, lookedMs)) return;
    await disk.writeFile(mark, new Uint8Array(0), { mode, makeFolders: folderMode(mode) });
    await disk.touch(mark, nowMs);
    const isOld = (timeMs: number, limitMs: number | undefined) =>
      limitMs !== undefined && isOlder(timeMs, countedFrom(nowMs, lookedMs, limitMs), limitMs);
    const isPast = ({ weighed, pieceName, usedMs }: Candidate) =>
      isOld(pieceName === undefined ? weighed.fetchedMs : usedMs, limits.olderThanMs) ||
      isOld(usedMs, limits.unusedForMs);
    for (const folder of await shards(disk, layout)) {
      if (isWaitedFor()) return;
      const old: Candidate[] = [];
      const odd: Weighed[] = [];
      for await (const weighed of weighShard(premises, folder, { counted: true })) {
        old.push(...candidatesOf(weighed).filter(isPast));
        if (isOdd(weighed)) odd.push(weighed);
      }
      await takeAway(premises, old);
      await sweepShard(premises.shelf, folder, odd);
      await disk.removeStalePending(folder, strayAgeMs);
    }
  }

  #isFreeDue(): boolean {
    const { limits, premises } = this.#options;
    const { minFreeBytes } = limits;
    if (minFreeBytes === undefined) return false;
    if (this.#free === undefined) return true;
    const { bytes, addedBytes, ms } = this.#free;
    const added = premises.accounts.added.sizeBytes - addedBytes;
    return added > Math.max(1 << 20, (bytes - minFreeBytes) / 4) || isLong(premises.now(), ms);
  }

  async #makeFree(minFreeBytes: number): Promise<void> {
    const { premises } = this.#options;
    const free = async () => {
      const bytes = await premises.disk.freeBytes(premises.layout);
      this.#free = { bytes, addedBytes: premises.accounts.added.sizeBytes, ms: premises.now() };
      return bytes;
    };
    const wasFull = this.#isFull;
    this.#isFull = false;
    const freeNow = await free();
    if (freeNow >= minFreeBytes) return;
    // Where even an empty cache would leave too little free, emptying it only costs those who read from it.
    const isHopeless = freeNow + (premises.accounts.estimate?.sizeBytes ?? Number.POSITIVE_INFINITY) < minFreeBytes;
    const wanted = Math.ceil(minFreeBytes * freeMargin);
    if (!isHopeless) await this.#evict(async () => ({ objects: 0, sizeBytes: wanted - (await free()) }));
    this.#isFull = (await free()) < minFreeBytes;
    if (this.#isFull && !wasFull)
      premises.shelf.warn(
        new EntrepotError(
          "no-space",
          isHopeless
            ? `fewer than ${count(minFreeBytes)} bytes are free, and an empty cache would not change that`
            : `fewer than ${count(minFreeBytes)} bytes are free, and it holds nothing more that may go`,
          { hint: "Make room on the disk, or lower minFreeBytes; until then nothing new is kept." },
        ),
      );
  }
}

const count = (value: number): string => value.toLocaleString("en-US");

/** In either direction: clocks are set. */
function isLong(nowMs: number, sinceMs: number): boolean {
  return Math.abs(nowMs - sinceMs) > readEveryMs;
}
