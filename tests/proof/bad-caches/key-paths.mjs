/** The key is the path below the folder: one can see at once what is there. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

/** @param {string} dir */
export const namesOf = async (dir) => (/** @type {string} */ key) => [join(dir, key)];

class KeyPaths extends SimpleCache {
  /** @override @param {string} key */
  recordPath(key) {
    return join(this.dir, `${key}.etag`);
  }

  /** @override @param {string} key @param {string} etag @param {Uint8Array} bytes */
  async store(key, etag, bytes) {
    await mkdir(dirname(join(this.dir, key)), { recursive: true });
    await writeFile(join(this.dir, key), bytes);
    await writeFile(this.recordPath(key), JSON.stringify({ etag, sizeBytes: bytes.length, sha256: "", data: key }));
  }

  /** @override @param {import("./simple-cache.mjs").Entry} entry */
  async load({ data }) {
    return readFile(join(this.dir, data)).catch(() => undefined);
  }

  /** @param {string} prefix @param {string} folder @param {readonly string[]} keys */
  async download(prefix, folder, keys) {
    for (const key of keys) {
      const path = join(folder, key.slice(prefix.length));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await this.read(key));
    }
    return [];
  }
}

const made = moduleOf(KeyPaths);
export const { open, finalFiles, leftovers, isNotCached, isRefusal } = made;
export const isKeyRefusal = () => false;
