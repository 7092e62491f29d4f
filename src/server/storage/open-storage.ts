/** The storage that a server's settings ask for. */
import { resolve } from "node:path";
import { openNodeDisk } from "../../disk/index.ts";
import { openFolderStorage } from "./folder-storage.ts";
import { memoryStorage } from "./memory-storage.ts";
import type { Storage } from "./storage.ts";

/** In `dir`, taken from the working directory; in memory without one. Errors: those of `openFolderStorage`. */
export async function openStorage(dir: string | undefined): Promise<Storage> {
  return dir === undefined ? memoryStorage() : await openFolderStorage(openNodeDisk(), resolve(dir));
}
