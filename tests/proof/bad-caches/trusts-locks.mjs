/** Under a lock one may as well write in place: as long as nobody loses the lock, nobody sees half a file. */
import { hash } from "node:crypto";
import { mkdir, open as openFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class TrustsLocks extends SimpleCache {
  /** @template T @param {string} key @param {() => Promise<T>} work @returns {Promise<T>} */
  async locked(key, work) {
    await mkdir(this.dir, { recursive: true });
    const path = join(this.dir, `${hash("sha256", key)}.lock`);
    for (;;) {
      const file = await openFile(path, "wx").catch(() => undefined);
      await file?.close();
      if (file !== undefined) break;
      await sleep(5);
    }
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  }

  /** @override @param {string} key */
  read(key) {
    return this.locked(key, () => super.read(key));
  }

  /** @override @param {string} key @param {Uint8Array<ArrayBuffer>} bytes */
  write(key, bytes) {
    return this.locked(key, () => super.write(key, bytes));
  }

  /** @override @param {string} key @param {string} etag @param {Uint8Array} bytes */
  async store(key, etag, bytes) {
    const data = `${hash("sha256", key)}.data`;
    const half = Math.ceil(bytes.length / 2);
    const file = await openFile(join(this.dir, data), "w");
    await file.write(bytes.subarray(0, half));
    await file.write(bytes.subarray(half));
    await file.close();
    await writeFile(this.recordPath(key), JSON.stringify({ etag, sizeBytes: bytes.length, sha256: "", data }));
  }

  /** @override @param {import("./simple-cache.mjs").Entry} entry */
  async load({ data }) {
    return readFile(join(this.dir, data)).catch(() => undefined);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(TrustsLocks);
/** @param {string} path */
export const isLock = (path) => path.endsWith(".lock");
