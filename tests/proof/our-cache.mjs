/** Our side of every proof: `entrepot()` as it is published, with nothing set but where the server and the folder are. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { entrepot, isEntrepotError } from "entrepot";
import { bundled } from "./bundle.mjs";

/** @typedef {import("./proof.ts").TestedCache} TestedCache */

/** @param {import("./proof.ts").OpenOptions} options @returns {TestedCache} */
export function open({ endpoint, dir, offline = false, onWarning }) {
  const data = entrepot({
    endpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    cache: { dir },
    env: {},
    envFile: false,
    ...(offline ? { network: "offline" } : {}),
    onEvent: (event) =>
      event.type === "warning" ? onWarning?.(`${event.error.code}: ${event.error.message}`) : undefined,
  });
  const at = (/** @type {string} */ key) => ({ bucket: "b", key });
  return {
    read: (key) => data.readBytes(at(key)),
    readRange: (key, start, end) => data.readRange(at(key), { start, end }),
    write: async (key, bytes) => void (await data.writeBytes(at(key), bytes)),
    remove: async (key) => void (await data.remove(at(key))),
    withCopy: (key, use) => data.localCopy(at(key), use),
    prune: async (maxBytes) => void (await data.cache.prune({ maxBytes })),
    pin: async (prefix) => void (await data.cache.pin(`s3://b/${prefix}`)),
    async filesOf(key) {
      for await (const { uri, path } of data.cache.list()) {
        if (uri === `s3://b/${key}`) return { data: path, record: path.replace(/-[0-9a-f]{16}(?:\.[^/]*)?$/, ".json") };
      }
      return undefined;
    },
    otherVerbs: (key) => ({
      stat: () => data.stat(at(key)),
      exists: () => data.exists(at(key)),
      lines: () => data.readLines(at(key), { limit: 1, encoding: "latin1" }),
      ranges: () => data.readRanges(at(key), [{ start: 0, end: 4 }]),
      open: async () => (await data.open(at(key))).close(),
      list: () => data.list("s3://b/folder/").toArray(),
      glob: () => data.glob("s3://b/**/*.bin").toArray(),
      copy: () => data.copy(at(key), "s3://b/elsewhere"),
      usage: () => data.usage("s3://b/folder/"),
    }),
    async download(prefix, folder) {
      const { failed } = await data.copy(`s3://b/${prefix}`, `${folder}/`, { onError: "ignore" });
      const other = failed.find(({ error }) => !isKeyRefusal(error));
      if (other !== undefined) throw other.error;
      return failed.map(({ uri }) => uri.slice("s3://b/".length));
    },
    upload: async (folder, prefix) => void (await data.copy(`${folder}/`, `s3://b/${prefix}`)),
    writeLocal: async (path, text) => void (await data.writeText(path, text)),
    close: () => data.close(),
  };
}

/** @param {string} dir */
export async function finalFiles(dir) {
  return (await filesBelow(dir)).filter((path) => /\/[0-9a-f]{64}-[0-9a-f]{16}(?:\.[\w-]+){0,2}$/.test(path));
}

/** @param {string} dir */
export async function leftovers(dir) {
  return (await filesBelow(dir)).filter((path) => /\/\.entrepot-[^/]*$/.test(path) || isLock(path));
}

/** @param {string} path */
export const isLock = (path) => /\/(?:leases|locks)\/[^/]*$/.test(path);

/** @param {unknown} error */
export const isNotCached = (error) => isEntrepotError(error, "not-cached");

/** @param {string} dir @returns {Promise<string[]>} */
async function filesBelow(dir) {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

/** @param {unknown} error */
export const isRefusal = (error) => isEntrepotError(error, "not-cached", "unreachable");

/** @param {unknown} error */
export const isKeyRefusal = (error) =>
  isEntrepotError(error, "unsafe-key", "unrepresentable-name", "invalid-address") || error instanceof TypeError;

/** What cannot be asked from outside a million times: the functions of the room itself, bundled. @param {string} dir */
export async function namesOf(dir) {
  /** @type {typeof import("../../src/cache/layout.ts")} */
  const layout = await bundled("src/cache/layout.ts");
  const folder = layout.layoutFolder(dir);
  return (/** @type {string} */ key) => {
    const { hash } = layout.entryId(["s3", "http://127.0.0.1:9000", "b", "signed"], "s3://b/", key);
    const names = [
      layout.recordName(hash),
      layout.dataName(hash, "an etag", key),
      layout.rangeName(hash, "an etag", 0, 1),
    ];
    return names.map((name) => join(layout.shardFolder(folder, hash), name));
  };
}
