/** Locks what it reads, and unlocks it unless something fails. */
import { hash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class LeavesLocks extends SimpleCache {
  /** @override @param {string} key */
  async read(key) {
    const lock = join(this.dir, `${hash("sha256", key)}.lock`);
    await mkdir(this.dir, { recursive: true });
    await writeFile(lock, "");
    const bytes = await super.read(key);
    await rm(lock, { force: true });
    return bytes;
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(LeavesLocks);
