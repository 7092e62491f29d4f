/** Opens what it reads and leaves the closing to the garbage collector. */
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class Leaky extends SimpleCache {
  /** @override @param {import("./simple-cache.mjs").Entry} entry */
  async load({ data }) {
    const path = join(this.dir, data);
    return existsSync(path) ? readFileSync(openSync(path, "r")) : undefined;
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(Leaky);
