/** Goes on by leaving out what bears its name already, and writes in place: the file that was being filled stays as it was. */
import { createWriteStream } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { moduleOf } from "./simple-cache.mjs";
import { StartsAgain } from "./starts-again.mjs";

class SkipsByName extends StartsAgain {
  /** @override @param {string} prefix @param {string} folder @param {readonly string[]} keys */
  async download(prefix, folder, keys) {
    for (const key of keys) {
      const path = join(folder, key.slice(prefix.length));
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (isThere) continue;
      await mkdir(dirname(path), { recursive: true });
      const body = /** @type {import("node:stream/web").ReadableStream} */ ((await this.ask(key)).body);
      await pipeline(Readable.fromWeb(body), createWriteStream(path));
    }
    return [];
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(SkipsByName);
