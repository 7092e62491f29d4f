/** Leaves it to the system when bytes come to the disk. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class NoFlush extends SimpleCache {
  /** @override */
  async flush() {}
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(NoFlush);
