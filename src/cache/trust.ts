/**
 * Whose files the cache believes. A folder or entry that somebody else could have planted is not used: with a private mode
 * only our own; with a group mode anybody's who may write to a folder of a group of ours.
 */
import { dirname, join } from "node:path";
import type { Disk, FileStat } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";

/** Who we are and which permission bits files get. */
export interface Ownership {
  /** Of this process; `undefined` where users have no numbers. */
  readonly uid: number | undefined;
  /** The groups of this process. */
  readonly groups: readonly number[];
  /** Who became root to run this. */
  readonly sudoUid?: number | undefined;
  readonly mode: number;
}

type Owner = Pick<Ownership, "uid" | "mode">;

/** Folders get x where files get r; those of a group also hand their group down (setgid). */
export function folderMode(mode: number): number {
  const shared = (mode & 0o070) === 0 ? 0 : 0o2000;
  return 0o700 | mode | ((mode & 0o444) >> 2) | shared;
}

/** Whether others share what is kept with this mode. */
export function isShared(mode: number): boolean {
  return (mode & 0o060) !== 0;
}

/** Whether what lies in the cache's folders was put there by us, or, in a folder of a group, by its members. */
export function isOurs(stat: FileStat, { uid, mode }: Owner): boolean {
  return uid === undefined || stat.uid === uid || isShared(mode);
}

/** Whether an open file may be an entry: one plain file under one name. */
export function isEntryFile(stat: FileStat, owner: Owner): boolean {
  return stat.kind === "file" && stat.links === 1 && isOurs(stat, owner);
}

/** What is wrong with a folder of the cache, so that nothing in it is believed and nothing put into it. */
export function distrustOf(stat: FileStat, { uid, groups, mode }: Ownership): string | undefined {
  if (stat.kind !== "folder") return "is not a folder";
  // In a folder with the sticky bit, such as /tmp, nobody can put another folder in the place of ours.
  if ((stat.mode & 0o1002) === 0o002 && (mode & 0o002) === 0) return "is writable for everybody";
  if (uid === undefined || stat.uid === uid || (mode & 0o006) !== 0) return undefined;
  if (!isShared(mode)) return `belongs to another user (${stat.uid})`;
  return stat.uid === 0 || groups.includes(stat.gid)
    ? undefined
    : `belongs to another user (${stat.uid}), and to none of our groups (${stat.gid})`;
}

/**
 * Throws `misconfigured` when one of `folders`, from the root down, is not to be used; false when the last of them does not exist
 * yet.
 */
export async function checkFolders(disk: Disk, folders: readonly string[], ownership: Ownership): Promise<boolean> {
  let stat: FileStat | undefined;
  for (const [index, path] of folders.entries()) {
    // The root itself may be a link that the user made; below it nothing is.
    stat = await disk.stat(path, { followLinks: index === 0 });
    if (stat === undefined && index === 0) await checkNewHome(disk, path, ownership);
    if (stat === undefined) continue;
    if (index === 0) await checkWay(disk, path, stat, ownership);
    const distrust = distrustOf(stat, ownership);
    if (distrust !== undefined) throw refused(path, distrust, isOfGroup(stat, ownership));
  }
  return stat !== undefined;
}

/** No stranger's link may lead to the root: it could lead anywhere tomorrow. */
async function checkWay(disk: Disk, root: string, there: FileStat, { uid, mode }: Ownership): Promise<void> {
  if (uid === undefined) return;
  for (let path = root; ; path = dirname(path)) {
    const stat = await disk.stat(path);
    const isLink = stat?.kind === "other";
    const isTrusted = stat?.uid === uid || stat?.uid === 0 || (isShared(mode) && stat?.uid === there.uid);
    if (isLink && !isTrusted) throw refused(root, `is reached through a link of another user (${path})`);
    if (path === dirname(path)) return;
  }
}

/** What root makes in the home of the user who called sudo, that user could not use when he is himself again. */
async function checkNewHome(disk: Disk, root: string, { uid, sudoUid }: Ownership): Promise<void> {
  if (uid !== 0 || sudoUid === undefined || sudoUid === 0) return;
  for (let path = dirname(root); ; path = dirname(path)) {
    const stat = await disk.stat(path, { followLinks: true });
    if (stat?.uid === sudoUid)
      throw refused(root, `would be root's, in a folder of the user who called sudo (${sudoUid})`);
    if (stat !== undefined) return;
  }
}

/**
 * Looks at the folder of one entry's files: true when it is there. What is no folder under its name was planted and goes.
 * Throws `misconfigured` for one that is not to be used.
 */
export async function checkShard(disk: Disk, path: string, ownership: Ownership): Promise<boolean> {
  const stat = await disk.stat(path);
  if (stat === undefined) return false;
  if (stat.kind !== "folder") {
    await disk.removeFile(path);
    return false;
  }
  const distrust = distrustOf(stat, ownership);
  if (distrust !== undefined) throw refused(path, distrust);
  return true;
}

/** Takes away what lies under the names of a layout's own folders and is none: links lead elsewhere. */
export async function removePlanted(disk: Disk, layout: string): Promise<void> {
  for (const path of ["leases", "locks", "pins", "usage"].map((name) => join(layout, name))) {
    const kind = (await disk.stat(path))?.kind ?? "folder";
    if (kind !== "folder") await disk.removeFile(path);
  }
}

/** Whether a group of ours may write there, and only our file mode keeps us from sharing it. */
function isOfGroup({ kind, mode, gid }: FileStat, ownership: Ownership): boolean {
  const mayWrite = kind === "folder" && (mode & 0o022) === 0o020 && ownership.groups.includes(gid);
  return mayWrite && !isShared(ownership.mode);
}

function refused(path: string, reason: string, isOfOurGroup = false): EntrepotError {
  return new EntrepotError("misconfigured", `The cache is not used: ${path} ${reason}`, {
    hint: isOfOurGroup
      ? "It is a folder of a group of yours: share it with ENTREPOT_CACHE_MODE=660 (cache.mode), or choose another (ENTREPOT_CACHE_DIR)."
      : "Choose another cache folder (ENTREPOT_CACHE_DIR), or share one: a group mode such as 0660, and a folder of a group that you are in.",
  });
}
