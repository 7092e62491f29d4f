/** Writes with care (a file of its own, then rename), never flushes, and trusts whatever it finds later. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class NoChecks extends SimpleCache {
  /** @override @param {string} path @param {Uint8Array} bytes */
  async publish(path, bytes) {
    await mkdir(dirname(path), { recursive: true });
    const pending = `${path}.${randomBytes(6).toString("hex")}.tmp`;
    await writeFile(pending, bytes);
    await rename(pending, path);
  }

  /** @override @param {import("./simple-cache.mjs").Entry} entry */
  async load({ data }) {
    return readFile(join(this.dir, data)).catch(() => undefined);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(NoChecks);
