/** Our side of every proof: `entrepot()` as it is published, with nothing set but where the server and the folder are. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { entrepot, isEntrepotError } from "entrepot";

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
    async filesOf(key) {
      for await (const { uri, path } of data.cache.list()) {
        if (uri === `s3://b/${key}`) return { data: path, record: path.replace(/-[0-9a-f]{16}(?:\.[^/]*)?$/, ".json") };
      }
      return undefined;
    },
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
  return (await filesBelow(dir)).filter((path) => /\/\.entrepot-[^/]*$/.test(path));
}

/** @param {unknown} error */
export const isNotCached = (error) => isEntrepotError(error, "not-cached");

/** @param {string} dir @returns {Promise<string[]>} */
async function filesBelow(dir) {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
