/** As many at once as are asked for. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class Unbounded extends SimpleCache {
  /** @override @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  bounded(work) {
    return work();
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(Unbounded);
