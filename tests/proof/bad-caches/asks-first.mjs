/** Offline is what it is when asking has failed: it asks all the same, and falls back on what it has. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class AsksFirst extends SimpleCache {
  /** @override @param {string} key */
  async read(key) {
    if (this.offline) await this.ask(key, { method: "HEAD" }).catch(() => undefined);
    return super.read(key);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(AsksFirst);
