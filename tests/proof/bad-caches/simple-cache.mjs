/**
 * A cache of a hundred lines as people write them: whole files under hashed names, a record beside each, asked about with
 * If-None-Match. It is right as far as it goes; each file beside it is the same with one thing done badly.
 */
import { hash, randomBytes } from "node:crypto";
import { mkdir, open as openFile, readdir, readFile, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export class NotCached extends Error {}

/** @typedef {{ etag: string, sizeBytes: number, sha256: string, data: string }} Entry */
/** @typedef {import("../proof.ts").TestedCache} TestedCache */

/** @implements {TestedCache} */
export class SimpleCache {
  /** @param {import("../proof.ts").OpenOptions} options */
  constructor({ endpoint, dir, offline = false, fetch = globalThis.fetch }) {
    this.fetch = fetch;
    this.endpoint = endpoint;
    this.dir = dir;
    this.offline = offline;
  }

  /** @param {string} key */
  recordPath(key) {
    return join(this.dir, `${hash("sha256", key)}.record`);
  }

  /** @param {string} key */
  url(key) {
    return `${this.endpoint}/b/${key.split("/").map(encodeURIComponent).join("/")}`;
  }

  /** @param {string} key @param {RequestInit} [init] */
  async ask(key, init) {
    if (this.offline && init?.method !== "HEAD") throw new NotCached(key);
    const { fetch } = this;
    const response = await fetch(this.url(key), init);
    if (response.ok || response.status === 304) return response;
    await response.body?.cancel();
    throw new Error(`${init?.method ?? "GET"} ${key}: ${response.status}`);
  }

  /** @param {string} key @returns {Promise<Uint8Array>} */
  async read(key) {
    const entry = await this.find(key);
    if (this.offline) {
      const kept = entry && (await this.load(entry));
      if (kept === undefined) throw new NotCached(key);
      return kept;
    }
    const response = await this.ask(key, entry && { headers: { "if-none-match": entry.etag } });
    if (response.status !== 304) return this.keep(key, response);
    const kept = entry && (await this.load(entry));
    return kept ?? this.keep(key, await this.ask(key));
  }

  /** @param {string} key @returns {Promise<Entry | undefined>} */
  async find(key) {
    try {
      return JSON.parse(await readFile(this.recordPath(key), "utf8"));
    } catch {
      return undefined;
    }
  }

  /** The bytes of an entry if they are what was stored. @param {Entry} entry @returns {Promise<Uint8Array | undefined>} */
  async load(entry) {
    const path = join(this.dir, entry.data);
    const bytes = (await stat(path).catch(() => undefined))?.isFile()
      ? await readFile(path).catch(() => undefined)
      : undefined;
    return bytes !== undefined && hash("sha256", bytes) === entry.sha256 ? bytes : undefined;
  }

  /** @param {string} key @param {Response} response @returns {Promise<Uint8Array>} */
  async keep(key, response) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    await this.store(key, response.headers.get("etag") ?? "", bytes);
    return bytes;
  }

  /** @param {string} key @param {string} etag @param {Uint8Array} bytes */
  async store(key, etag, bytes) {
    const data = `${hash("sha256", key)}.${randomBytes(6).toString("hex")}.data`;
    await this.publish(join(this.dir, data), bytes);
    const entry = { etag, sizeBytes: bytes.length, sha256: hash("sha256", bytes), data };
    await this.publish(this.recordPath(key), Buffer.from(JSON.stringify(entry)));
  }

  /** Nobody sees it before it is whole and safe. @param {string} path @param {Uint8Array} bytes */
  async publish(path, bytes) {
    await mkdir(dirname(path), { recursive: true });
    const pending = `${path}.${randomBytes(6).toString("hex")}.tmp`;
    const file = await openFile(pending, "wx", 0o600);
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(pending, path);
    const folder = await openFile(dirname(path), "r");
    await folder.sync();
    await folder.close();
  }

  /** @param {string} key @param {number} start @param {number} end @returns {Promise<Uint8Array>} */
  async readRange(key, start, end) {
    return (await this.read(key)).subarray(start, end);
  }

  /** @param {string} key @param {Uint8Array} bytes */
  async write(key, bytes) {
    const response = await this.ask(key, { method: "PUT", body: Buffer.from(bytes) });
    await response.body?.cancel();
    await this.store(key, response.headers.get("etag") ?? "", bytes);
  }

  /** @param {string} key */
  async remove(key) {
    await (await this.ask(key, { method: "DELETE" })).body?.cancel();
    await rm(this.recordPath(key), { force: true });
  }

  /** @template T @param {string} key @param {(path: string) => Promise<T>} use @returns {Promise<T>} */
  async withCopy(key, use) {
    const path = join(this.dir, `${randomBytes(8).toString("hex")}.copy`);
    await writeFile(path, await this.read(key));
    try {
      return await use(path);
    } finally {
      await unlink(path);
    }
  }

  /** @param {number} maxBytes */
  async prune(maxBytes) {
    let left = maxBytes;
    for (const path of await finalFiles(this.dir)) {
      const { size } = await stat(path).catch(() => ({ size: 0 }));
      left -= size;
      if (left < 0) await rm(path, { force: true });
    }
  }

  /** @param {string} key */
  async filesOf(key) {
    const entry = await this.find(key);
    return entry && { data: join(this.dir, entry.data), record: this.recordPath(key) };
  }

  /** @param {string} path @param {string} text */
  writeLocal(path, text) {
    return this.publish(path, Buffer.from(text));
  }

  async close() {}
}

/** @param {string} dir */
export async function finalFiles(dir) {
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => name.endsWith(".data")).map((name) => join(dir, name));
}

/** @param {string} dir */
export async function leftovers(dir) {
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => /\.(?:tmp|copy)$/.test(name)).map((name) => join(dir, name));
}

/** @param {unknown} error */
export const isNotCached = (error) => error instanceof NotCached;

/** What a module of a cache exports. @param {new (options: import("../proof.ts").OpenOptions) => TestedCache} Kind @returns {import("../proof.ts").CacheModule} */
export const moduleOf = (Kind) => ({
  open: (options) => new Kind(options),
  finalFiles,
  leftovers,
  isNotCached,
  isRefusal: isNotCached,
});
