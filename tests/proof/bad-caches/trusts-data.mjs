/** Takes what lies there for what was stored. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class TrustsData extends SimpleCache {
  /** @override @param {import("./simple-cache.mjs").Entry} entry */
  async load({ data }) {
    return readFile(join(this.dir, data)).catch(() => undefined);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(TrustsData);
