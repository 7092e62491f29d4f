/**
 * Keeps the cache below its size by taking away what was not used for longest. A running total says when to look; the
 * folders are only walked then, so that an insert does not cost more in a larger cache.
 */

import { join } from "node:path";
import type { Disk } from "../disk/index.ts";
import { type Weighed, weigh } from "./scan.ts";
import type { Shelf } from "./shelf.ts";
import { sweep } from "./sweep.ts";

export interface EvictorOptions {
  readonly disk: Disk;
  readonly layout: string;
  readonly maxBytes: number;
}

/** After a walk there is room again, so that the next is not due at once. */
const lowWater = 0.9;
/** Other processes add to the folder, too: it is walked anew after so much of our own. */
const walkEvery = 0.05;

export class Evictor {
  readonly #options: EvictorOptions;
  #total: number | undefined;
  #addedBytes = 0;
  #running: Promise<void> | undefined;

  constructor(options: EvictorOptions) {
    this.#options = options;
  }

  /** Notes that something was added to `shelf`; the promise, if any, is that of a walk that has become due. */
  added(shelf: Shelf, sizeBytes: number): Promise<void> | undefined {
    const { maxBytes } = this.#options;
    this.#addedBytes += sizeBytes;
    const isKnown = this.#total !== undefined && this.#addedBytes < maxBytes * walkEvery;
    if (isKnown && (this.#total ?? 0) + this.#addedBytes <= maxBytes) return undefined;
    if (this.#running !== undefined) return undefined;
    this.#running = this.#walk(shelf).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #walk(shelf: Shelf): Promise<void> {
    const { disk, layout, maxBytes } = this.#options;
    do {
      this.#addedBytes = 0;
      let { total, oldest } = await survey(disk, layout);
      if (total > maxBytes) {
        await sweep({ disk, layout, shelf });
        ({ total, oldest } = await survey(disk, layout));
      }
      this.#total = total > maxBytes ? await this.#evict(shelf, total, oldest) : total;
    } while (this.#total + this.#addedBytes > maxBytes && this.#addedBytes > 0);
  }

  async #evict(shelf: Shelf, total: number, oldest: readonly Weighed[]): Promise<number> {
    const { maxBytes } = this.#options;
    const isInUse = await shelf.leases.whatIsInUse();
    let left = total;
    for (const { entry, folder, dataNames, sizeBytes } of oldest) {
      if (left <= maxBytes * lowWater) break;
      if (dataNames.some((name) => isInUse(join(folder, name)))) continue;
      await shelf.forget(entry);
      left -= sizeBytes;
    }
    return left;
  }
}

async function survey(disk: Disk, layout: string): Promise<{ total: number; oldest: Weighed[] }> {
  const oldest: Weighed[] = [];
  let total = 0;
  for await (const weighed of weigh(disk, layout)) {
    total += weighed.sizeBytes;
    if (weighed.hasRecord) oldest.push(weighed);
  }
  oldest.sort((a, b) => a.usedMs - b.usedMs);
  return { total, oldest };
}
