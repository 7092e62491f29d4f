/** The file beside its target that an earlier write left, to be gone on with. */
import { basename, join } from "node:path";
import { type Disk, isKeptName, type PendingFile } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { ResumableWrite } from "../object-store.ts";

/** `undefined` when there is none, or none of ours. Errors of the disk. */
export async function reopen(
  disk: Disk,
  folder: string,
  { begun }: ResumableWrite,
  mode: number | undefined,
): Promise<PendingFile | undefined> {
  if (begun === undefined || begun !== basename(begun)) return undefined;
  try {
    return await disk.reopenPending(join(folder, begun), { mode });
  } catch (error) {
    if (isEntrepotError(error, "not-found", "unsafe-key")) return undefined;
    throw error;
  }
}

/** Removes it; only what has the name of such a file. Errors of the disk. */
export async function discardKept(disk: Disk, folder: string, begun: string): Promise<void> {
  if (begun === basename(begun) && isKeptName(begun)) await disk.removeFile(join(folder, begun));
}

const pieceBytes = 512 * 1024;

/** A stretch of a file, up to its end. Errors of the disk. */
export async function* bytesOf(
  disk: Disk,
  path: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await disk.openRead(path);
  try {
    const buffer = new Uint8Array(Math.min(pieceBytes, end - start));
    for (let position = start; position < end; ) {
      const read = await file.read(buffer.subarray(0, Math.min(buffer.byteLength, end - position)), position);
      if (read === 0) return;
      yield buffer.subarray(0, read);
      position += read;
    }
  } finally {
    await file.close();
  }
}
