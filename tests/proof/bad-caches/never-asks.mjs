/** What is here is good enough: the server is asked for what is not here, and never whether that has changed. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class NeverAsks extends SimpleCache {
  /** @override @param {string} key */
  async read(key) {
    const entry = await this.find(key);
    return (entry && (await this.load(entry))) ?? super.read(key);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(NeverAsks);
