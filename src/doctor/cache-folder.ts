/** The cache's folder as the operating system sees it: there, ours, writable, and how much room is left. */
import path from "node:path";
import type { CacheStats, Depot } from "../depot/index.ts";
import type { Disk, FileStat } from "../disk/index.ts";
import { type Finding, finding, problem } from "./finding.ts";

/** Looks at the folder without making it; `fileMode` is the setting `cache.mode`. A file is created and removed in it when it is there. */
export async function cacheFindings(depot: Depot, disk: Disk, fileMode = 0o600): Promise<Finding[]> {
  if (!depot.cache.enabled) return [finding("cache", "off", { status: "note", hint: "every read asks the server" })];
  const { dir } = depot.cache;
  try {
    const stat = await disk.stat(dir, { followLinks: true });
    if (stat === undefined) return [await unmade(dir, disk)];
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
      owned(`${dir}, mode ${mode}, owner ${stat.uid}`, stat, fileMode),
      await writable(dir, disk),
      await usage(depot),
      room(await disk.freeBytes(dir)),
      ...(await waitingIn(depot)),
    ];
  } catch (error) {
    return [problem("cache.folder", error)];
  }
}

/** Not there yet: whether it can be made is decided by what is there above it. */
async function unmade(dir: string, disk: Disk): Promise<Finding> {
  let above = path.dirname(dir);
  let stat = await disk.stat(above, { followLinks: true });
  while (stat === undefined && above !== path.dirname(above)) {
    above = path.dirname(above);
    stat = await disk.stat(above, { followLinks: true });
  }
  if (stat === undefined || stat.kind === "folder") return finding("cache.folder", `${dir} (made with the first read)`);
  return finding("cache.folder", `${dir} cannot be made: ${above} is no folder`, {
    status: "problem",
    hint: "set ENTREPOT_CACHE_DIR to a folder that can be made, or add --no-cache",
    code: "misconfigured",
  });
}

/** In another's folder copies can be planted, and ours be in the way; a team's cache is shared on purpose. */
function owned(value: string, { uid, gid }: FileStat, fileMode: number): Finding {
  const own = process.geteuid?.();
  if (own === undefined || own === uid) return finding("cache.folder", value);
  const groups = [...(process.getgroups?.() ?? []), process.getegid?.()];
  const isOfOurGroup = groups.includes(gid);
  if (isOfOurGroup && (fileMode & 0o060) !== 0) return finding("cache.folder", `${value}, shared with group ${gid}`);
  const share = isOfOurGroup ? `ENTREPOT_CACHE_MODE=660 shares it with its group (${gid})` : undefined;
  return finding("cache.folder", `${value}, who is not you (${own})`, {
    status: "note",
    hint: `its owner decides what you read from it: set ENTREPOT_CACHE_DIR to a folder of your own${share ? `; if your team shares this one, ${share}` : ", unless your team shares this one"}`,
  });
}

function room(freeBytes: number): Finding {
  const value = `${freeBytes} bytes`;
  if (freeBytes >= 64 * 1024 ** 2) return finding("cache.free", value);
  return finding("cache.free", value, {
    status: "note",
    hint: "the disk is full: entrepot cache prune --max-bytes 1GB gives back what local copies take, or set ENTREPOT_CACHE_DIR",
  });
}

/** A folder that is not believed holds nothing of ours; why is said of the folder itself. */
async function waitingIn(depot: Depot): Promise<Finding[]> {
  try {
    return waiting(await depot.offline.outbox());
  } catch (error) {
    return [problem("outbox", error)];
  }
}

/** Nobody should learn only at the other end that a write never left this machine. */
function waiting(changes: readonly { readonly state: string }[]): Finding[] {
  if (changes.length === 0) return [];
  const conflicts = changes.filter(({ state }) => state === "conflict").length;
  const stuck = conflicts === 0 ? "" : `, ${conflicts} in conflict`;
  const hint = "entrepot offline outbox shows them, entrepot offline push sends them";
  const value = `${changes.length} ${changes.length === 1 ? "change waits" : "changes wait"} to be sent${stuck}`;
  return [finding("outbox", value, { status: "note", hint })];
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

type Limits = Pick<CacheStats, "maxBytes" | "maxObjects" | "olderThanMs" | "unusedForMs" | "minFreeBytes">;

async function usage(depot: Depot): Promise<Finding> {
  const { objects, sizeBytes, ranges, ...limits } = await depot.cache.stats();
  const pieces = ranges.objects === 0 ? "" : `, pieces of others ${ranges.sizeBytes} bytes`;
  return finding("cache.size", `${objects} objects, ${sizeBytes} bytes${pieces}, ${limitsOf(limits)}`);
}

function limitsOf({ maxBytes, maxObjects, olderThanMs, unusedForMs, minFreeBytes }: Limits): string {
  const set = [
    maxBytes !== undefined && `limit ${maxBytes} bytes`,
    maxObjects !== undefined && `limit ${maxObjects} objects`,
    olderThanMs !== undefined && `none older than ${olderThanMs} ms`,
    unusedForMs !== undefined && `none unused for ${unusedForMs} ms`,
    minFreeBytes !== undefined && `${minFreeBytes} bytes stay free`,
  ].filter((each) => each !== false);
  return set.length === 0 ? "no limit" : set.join(", ");
}
