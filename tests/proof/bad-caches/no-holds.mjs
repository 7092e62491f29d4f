/** Gives out the paths of its own files and forgets that it did: a prune takes them from whoever works with them. */
import { join } from "node:path";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class NoHolds extends SimpleCache {
  /** @override @template T @param {string} key @param {(path: string) => Promise<T>} use @returns {Promise<T>} */
  async withCopy(key, use) {
    await this.read(key);
    return use(join(this.dir, (await this.find(key))?.data ?? ""));
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(NoHolds);
