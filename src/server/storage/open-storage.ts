/** The storage that a server's settings ask for. */
import { resolve } from "node:path";
import { openNodeDisk, systemProcesses } from "../../disk/index.ts";
import { claimFolder } from "./claim-folder.ts";
import { openFolderStorage } from "./folder-storage.ts";
import { MemoryStorage } from "./memory-storage.ts";
import type { Storage } from "./storage.ts";

/**
 * In `dir`, taken from the working directory; in memory without one. The folder belongs to it until it is closed. Errors:
 * those of `claimFolder` and of `openFolderStorage`.
 */
export async function openStorage(dir: string | undefined): Promise<Storage> {
  if (dir === undefined) return new MemoryStorage();
  const disk = openNodeDisk();
  const folder = resolve(dir);
  const release = await claimFolder(disk, folder, systemProcesses(disk));
  try {
    return await openFolderStorage(disk, folder, { onClose: release });
  } catch (error) {
    await release();
    throw error;
  }
}
