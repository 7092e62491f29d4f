/** Says it each time, so that nobody reads it. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class WarnsAlways extends SimpleCache {
  /** @override @param {string} text */
  warn(text) {
    this.onWarning?.(text);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(WarnsAlways);
