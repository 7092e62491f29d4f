/** Private folders for sockets: names of sockets are short on every system, so the folder of the database will not do. */
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { socketName } from "../database/pool.ts";

/** What a system takes as the path of a socket, bytes: 107 on Linux, 103 on macOS. */
const maxPathBytes = 103;
const prefix = "entrepot-db-";

/** A name that nobody can guess, so that nobody can be there before. */
export function newSocketFolder(temporary: string = tmpdir()): string {
  const name = `${prefix}${randomBytes(12).toString("hex")}`;
  const path = join(temporary, name);
  return Buffer.byteLength(join(path, socketName)) <= maxPathBytes ? path : join("/tmp", name);
}

/** Removes the folder of a holder that is no more; only what has a name and contents of ours. */
export async function removeSocketFolder(disk: Disk, folder: string): Promise<void> {
  if (!/[\\/]entrepot-db-[0-9a-f]{24}$/.test(folder)) return;
  try {
    await disk.removeFile(join(folder, socketName));
    await disk.removeFolder(folder);
  } catch (error) {
    // Another user's, or no longer empty: it is in nobody's way.
    if (!isEntrepotError(error)) throw error;
  }
}
