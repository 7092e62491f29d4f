/** Downloads straight to the final path, and believes what lies there: what most scripts do. */

import { hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class InPlace extends SimpleCache {
  /** @override @param {string} key @param {Response} response */
  async keep(key, response) {
    const data = `${hash("sha256", key)}.data`;
    await mkdir(this.dir, { recursive: true });
    const entry = { etag: response.headers.get("etag") ?? "", sizeBytes: 0, sha256: "", data };
    await this.publish(this.recordPath(key), Buffer.from(JSON.stringify(entry)));
    const body = /** @type {import("node:stream/web").ReadableStream} */ (response.body);
    await pipeline(Readable.fromWeb(body), createWriteStream(join(this.dir, data)));
    return readFile(join(this.dir, data));
  }

  /** @override @param {string} key @param {string} etag @param {Uint8Array<ArrayBuffer>} bytes */
  async store(key, etag, bytes) {
    await this.keep(key, new Response(bytes, { headers: { etag } }));
  }

  /** @override @param {import("./simple-cache.mjs").Entry} entry */
  async load({ data }) {
    return readFile(join(this.dir, data)).catch(() => undefined);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(InPlace);
