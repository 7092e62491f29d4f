/** Has a bound on what it keeps, and does not keep to it. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class NoPrune extends SimpleCache {
  /** @override */
  async prune() {}
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(NoPrune);
