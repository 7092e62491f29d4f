/** Each transfer begins from the beginning, each object whole: right in the end, and everything is sent again. */
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

export class StartsAgain extends SimpleCache {
  /** @param {string} prefix @param {string} folder @param {readonly string[]} keys */
  async download(prefix, folder, keys) {
    const each = (/** @type {string} */ key) =>
      this.bounded(async () => {
        const path = join(folder, key.slice(prefix.length));
        await mkdir(dirname(path), { recursive: true });
        await this.fill(path, await this.ask(key));
      });
    await Promise.all(keys.map(each));
    return [];
  }

  /** @param {string} path @param {Response} response */
  async fill(path, response) {
    const pending = `${path}.${process.pid}`;
    await writeFile(pending, new Uint8Array(await response.arrayBuffer()));
    await rename(pending, path);
  }

  /** @param {string} folder @param {string} prefix */
  async upload(folder, prefix) {
    const names = await readdir(folder);
    const each = (/** @type {string} */ name) =>
      this.bounded(async () => {
        const body = await readFile(join(folder, name));
        await (await this.ask(`${prefix}${name}`, { method: "PUT", body })).arrayBuffer();
      });
    await Promise.all(names.map(each));
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(StartsAgain);
