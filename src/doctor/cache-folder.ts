/** The cache's folder as the operating system sees it: there, ours, writable, and how much room is left. */
import type { Depot } from "../depot/index.ts";
import type { Disk } from "../disk/index.ts";
import { type Finding, finding, problem } from "./finding.ts";

/** Looks at the folder without making it; a file is created and removed in it when it is there. */
export async function cacheFindings(depot: Depot, disk: Disk): Promise<Finding[]> {
  if (!depot.cache.enabled) return [finding("cache", "off", { status: "note", hint: "every read asks the server" })];
  const { dir } = depot.cache;
  try {
    const stat = await disk.stat(dir, { followLinks: true });
    if (stat === undefined) return [finding("cache.folder", `${dir} (made with the first read)`)];
    if (stat.kind !== "folder")
      return [
        finding("cache.folder", `${dir} is no folder`, {
          status: "problem",
          hint: "remove it, or set ENTREPOT_CACHE_DIR to another one",
          code: "misconfigured",
        }),
      ];
    const mode = `0o${(stat.mode & 0o777).toString(8)}`;
    return [
      finding("cache.folder", `${dir}, mode ${mode}, owner ${stat.uid}`),
      await writable(dir, disk),
      await usage(depot),
      finding("cache.free", `${await disk.freeBytes(dir)} bytes`),
    ];
  } catch (error) {
    return [problem("cache.folder", error)];
  }
}

async function writable(dir: string, disk: Disk): Promise<Finding> {
  try {
    const pending = await disk.createPending(dir);
    await pending.discard();
    return finding("cache.writable", "yes");
  } catch (error) {
    return {
      ...problem("cache.writable", error),
      hint: "local copies cannot be kept; set ENTREPOT_CACHE_DIR or mend its mode",
    };
  }
}

async function usage(depot: Depot): Promise<Finding> {
  const { objects, sizeBytes, maxBytes } = await depot.cache.stats();
  const limit = maxBytes === undefined ? "no limit" : `limit ${maxBytes} bytes`;
  return finding("cache.size", `${objects} objects, ${sizeBytes} bytes, ${limit}`);
}
