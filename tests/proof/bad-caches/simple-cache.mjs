/**
 * A cache of two hundred lines as people write them with care: whole files under hashed names, a record beside each, asked about with
 * If-None-Match. The runner plays it as the control, `simple`: it must not be found wrong. Each bad one is the same with one thing done badly.
 */
import { hash, randomBytes } from "node:crypto";
import { lstat, mkdir, mkdtemp, open as openFile, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

export class NotCached extends Error {}

/** @typedef {{ etag: string, sizeBytes: number, sha256: string, data: string }} Entry */
/** @typedef {import("../proof.ts").TestedCache} TestedCache */

const mostAtOnce = 8;
/** Whoever began something is done with it after so long, milliseconds. */
const longAgoMs = 3_600_000;

/** @implements {TestedCache} */
export class SimpleCache {
  /** @param {import("../proof.ts").OpenOptions} options */
  constructor({ endpoint, dir, offline = false, fetch = globalThis.fetch, onWarning }) {
    this.fetch = fetch;
    this.endpoint = endpoint;
    this.dir = dir;
    this.offline = offline;
    this.onWarning = onWarning;
    this.hasWarned = false;
    this.running = 0;
    /** @type {(() => void)[]} */
    this.waiting = [];
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
    // What is gone there is no copy here either.
    if (response.status === 404) await this.forget(key);
    throw new Error(`${init?.method ?? "GET"} ${key}: ${response.status}`);
  }

  /** So many at once, so that there are files and sockets enough. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async bounded(work) {
    if (this.running >= mostAtOnce) await new Promise((resolve) => this.waiting.push(() => resolve(undefined)));
    else this.running += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  /** @param {string} key @returns {Promise<Uint8Array>} */
  read(key) {
    return this.bounded(async () => {
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
    });
  }

  /** The record of a key, if it is one and of this key. @param {string} key @returns {Promise<Entry | undefined>} */
  async find(key) {
    try {
      const path = this.recordPath(key);
      if (!(await lstat(path)).isFile()) return undefined;
      const entry = JSON.parse(await readFile(path, "utf8"));
      const isOurs = String(entry.data).startsWith(hash("sha256", key)) && basename(entry.data) === entry.data;
      const isWhole = typeof entry.sha256 === "string" && /^[\x21-\x7e]+$/.test(entry.etag);
      return isOurs && isWhole ? entry : undefined;
    } catch {
      return undefined;
    }
  }

  /** The bytes of an entry if they are what was stored. @param {Entry} entry @returns {Promise<Uint8Array | undefined>} */
  async load(entry) {
    const path = join(this.dir, entry.data);
    const bytes = (await lstat(path).catch(() => undefined))?.isFile()
      ? await readFile(path).catch(() => undefined)
      : undefined;
    return bytes !== undefined && hash("sha256", bytes) === entry.sha256 ? bytes : undefined;
  }

  /** @param {string} key @param {Response} response @returns {Promise<Uint8Array>} */
  async keep(key, response) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    await this.tryToStore(key, response, bytes);
    return bytes;
  }

  /** What cannot be kept is none the less what was asked for. @param {string} key @param {Response} response @param {Uint8Array<ArrayBuffer>} bytes */
  async tryToStore(key, response, bytes) {
    try {
      await this.store(key, response.headers.get("etag") ?? "", bytes);
    } catch (error) {
      this.warn(`not kept: ${error}`);
    }
  }

  /** @param {string} text */
  warn(text) {
    if (!this.hasWarned) this.onWarning?.(text);
    this.hasWarned = true;
  }

  /** @param {string} key @param {string} etag @param {Uint8Array<ArrayBuffer>} bytes */
  async store(key, etag, bytes) {
    const before = await this.find(key);
    const data = `${hash("sha256", key)}.${randomBytes(6).toString("hex")}.data`;
    await this.publish(join(this.dir, data), bytes);
    const entry = { etag, sizeBytes: bytes.length, sha256: hash("sha256", bytes), data };
    await this.publish(this.recordPath(key), Buffer.from(JSON.stringify(entry)));
    if (before !== undefined) await rm(join(this.dir, before.data), { recursive: true, force: true });
  }

  /** Nobody sees it before it is whole and safe. @param {string} path @param {Uint8Array} bytes */
  async publish(path, bytes) {
    const made = await mkdir(dirname(path), { recursive: true });
    const pending = `${path}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      const file = await openFile(pending, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await this.flush(file);
      } finally {
        await file.close();
      }
      // A folder that somebody put there gives way to no file.
      if ((await lstat(path).catch(() => undefined))?.isDirectory()) await rm(path, { recursive: true });
      await rename(pending, path);
    } catch (error) {
      await rm(pending, { force: true }).catch(() => undefined);
      throw error;
    }
    await this.flushFolders(dirname(path), made === undefined ? dirname(path) : dirname(made));
  }

  /** @param {import("node:fs/promises").FileHandle} file */
  async flush(file) {
    await file.sync();
  }

  /** From a folder up to another. @param {string} from @param {string} to */
  async flushFolders(from, to) {
    for (let path = from; ; path = dirname(path)) {
      const folder = await openFile(path, "r");
      await folder.sync();
      await folder.close();
      if (path === to) return;
    }
  }

  /** @param {string} key @param {number} start @param {number} end @returns {Promise<Uint8Array>} */
  async readRange(key, start, end) {
    return (await this.read(key)).subarray(start, end);
  }

  /** @param {string} key @param {Uint8Array<ArrayBuffer>} bytes */
  async write(key, bytes) {
    const response = await this.ask(key, { method: "PUT", body: Buffer.from(bytes) });
    await response.body?.cancel();
    await this.tryToStore(key, response, bytes);
  }

  /** @param {string} key */
  async remove(key) {
    await (await this.ask(key, { method: "DELETE" })).body?.cancel();
    await this.forget(key);
  }

  /** @param {string} key */
  async forget(key) {
    await rm(this.recordPath(key), { recursive: true, force: true }).catch((error) =>
      this.warn(`not removed: ${error}`),
    );
  }

  /** Outside the folder, where no prune goes. @template T @param {string} key @param {(path: string) => Promise<T>} use @returns {Promise<T>} */
  async withCopy(key, use) {
    const bytes = await this.read(key);
    const folder = await mkdtemp(join(tmpdir(), "simple-cache-"));
    try {
      await this.bounded(() => writeFile(join(folder, "copy"), bytes)).catch((error) => {
        throw error.code === "EFBIG" ? new Error(`EFBIG: no larger files are allowed here, see ulimit -f`) : error;
      });
      return await use(join(folder, "copy"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** @param {number} maxBytes */
  async prune(maxBytes) {
    await this.sweep();
    let left = maxBytes;
    for (const path of await finalFiles(this.dir)) {
      left -= (await lstat(path).catch(() => undefined))?.size ?? 0;
      if (left < 0) await rm(path, { recursive: true, force: true });
    }
  }

  /** What was begun long ago, and the data of no record. */
  async sweep() {
    const named = new Set();
    const names = await readdir(this.dir).catch(() => []);
    for (const name of names.filter((one) => one.endsWith(".record"))) {
      const path = join(this.dir, name);
      const isFile = (await lstat(path).catch(() => undefined))?.isFile();
      named.add(isFile && /"data":"([^"]*)"/.exec(await readFile(path, "utf8").catch(() => ""))?.[1]);
    }
    for (const name of names.filter((one) => /\.(?:tmp|data)$/.test(one) && !named.has(one))) {
      const path = join(this.dir, name);
      const { mtimeMs = Date.now() } = (await lstat(path).catch(() => undefined)) ?? {};
      if (Date.now() - mtimeMs > longAgoMs) await rm(path, { recursive: true, force: true });
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
  return names.filter((name) => /\.(?:tmp|lock)$/.test(name)).map((name) => join(dir, name));
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
