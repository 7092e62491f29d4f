/** Folders without a single file, which deleting leaves behind and which may be in the way of a new file. */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";

/** Removes `path` and the folders in it when there is nothing but folders; true when it is gone. Never removes a file. */
export async function removeEmptyFolders(disk: Disk, path: string): Promise<boolean> {
  for (const entry of (await disk.readFolder(path)) ?? []) {
    if (entry.kind !== "folder" || !(await removeEmptyFolders(disk, join(path, entry.name)))) return false;
  }
  try {
    await disk.removeFolder(path);
    return true;
  } catch (error) {
    if (isEntrepotError(error, "not-empty", "already-exists")) return false;
    throw error;
  }
}
