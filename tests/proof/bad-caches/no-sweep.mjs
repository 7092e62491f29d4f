/** What the dead began is nobody'\''s. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class NoSweep extends SimpleCache {
  /** @override */
  async sweep() {}
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(NoSweep);
