/** Looks after its folder now and then, for ever. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class LeavesTimers extends SimpleCache {
  /** @param {import("../proof.ts").OpenOptions} options */
  constructor(options) {
    super(options);
    setInterval(() => this.sweep(), 3_600_000);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(LeavesTimers);
