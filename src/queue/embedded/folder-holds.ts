/** What a folder holds before it is opened: a mistyped name must not become a new database among somebody's files. */
import { join } from "node:path";
import { type Disk, openNodeDisk } from "../../disk/index.ts";

/** `nothing`: it is not there, or empty, or what was begun there never became a database. Errors of the disk. */
export async function folderHolds(
  folder: string,
  disk: Disk = openNodeDisk(),
): Promise<"database" | "nothing" | "other"> {
  const names = ((await disk.readFolder(folder)) ?? []).map(({ name }) => name);
  const [data = [], lock] = [await disk.readFolder(join(folder, "data")), await disk.readFolder(join(folder, "lock"))];
  // somebody is making it just now
  const isHeld = lock?.some(({ name }) => name.startsWith("held.")) === true;
  if (isHeld || data.some(({ name }) => name === "PG_VERSION")) return "database";
  return names.length === 0 || lock !== undefined ? "nothing" : "other";
}
