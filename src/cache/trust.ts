/**
 * Whose files the cache believes. A folder or entry that somebody else could have planted is not used: with a private
 * mode only our own, with a group mode anybody's who may write there – the folder's mode decides that.
 */
import type { Disk, FileStat } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";

/** Who we are and which permission bits files get. */
export interface Ownership {
  /** Of this process; `undefined` where users have no numbers. */
  readonly uid: number | undefined;
  readonly mode: number;
}

/** Folders get x where files get r; those of a group also hand their group down (setgid). */
export function folderMode(mode: number): number {
  const shared = (mode & 0o070) === 0 ? 0 : 0o2000;
  return 0o700 | mode | ((mode & 0o444) >> 2) | shared;
}

/** Whether a file or folder is one of ours. */
export function isOurs(stat: FileStat, { uid, mode }: Ownership): boolean {
  return uid === undefined || stat.uid === uid || (mode & 0o060) !== 0;
}

/** Whether an open file may be an entry: one plain file under one name. */
export function isEntryFile(stat: FileStat, ownership: Ownership): boolean {
  return stat.kind === "file" && stat.links === 1 && isOurs(stat, ownership);
}

/**
 * Throws `misconfigured` when one of `folders` belongs to another user, is writable for everybody or is a link;
 * false when the last of them does not exist yet.
 */
export async function checkFolders(disk: Disk, folders: readonly string[], ownership: Ownership): Promise<boolean> {
  let stat: FileStat | undefined;
  for (const [index, path] of folders.entries()) {
    // The root itself may be a link that the user made; below it nothing is.
    stat = await disk.stat(path, { followLinks: index === 0 });
    if (stat === undefined) continue;
    if (stat.kind !== "folder") throw refused(path, "is not a folder");
    if (!isOurs(stat, ownership)) throw refused(path, `belongs to another user (${stat.uid})`);
    // In a folder with the sticky bit, such as /tmp, nobody can put another folder in the place of ours.
    const open = (stat.mode & 0o1002) === 0o002 && (ownership.mode & 0o002) === 0;
    if (open) throw refused(path, "is writable for everybody");
  }
  return stat !== undefined;
}

function refused(path: string, reason: string): EntrepotError {
  return new EntrepotError("misconfigured", `The cache is not used: ${path} ${reason}`, {
    hint: "Choose another cache folder (ENTREPOT_CACHE_DIR), or give a group mode such as 0660 to share one.",
  });
}
