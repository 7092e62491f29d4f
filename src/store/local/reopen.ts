/** The file beside its target that an earlier write left, to be gone on with. */
import { basename, join } from "node:path";
import { type Disk, isKeptName, type PendingFile } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { ResumableWrite } from "../resumable-write.ts";

/** A file to be filled and published in the folder; with `resume` the one that was left, or one that can be. Errors of the disk. */
export async function pendingIn(
  disk: Disk,
  folder: string,
  options: { readonly mode: number | undefined; readonly makeFolders: boolean | number },
  resume: ResumableWrite | undefined,
): Promise<PendingFile> {
  if (resume === undefined) return disk.createPending(folder, options);
  const left = await reopen(disk, folder, resume, options.mode);
  if (left !== undefined) return left;
  const pending = await disk.createPending(folder, { ...options, kept: true });
  try {
    await resume.onBegun(basename(pending.path));
  } catch (error) {
    await pending.discard();
    throw error;
  }
  return pending;
}

/** `undefined` when there is none, or none of ours. Errors of the disk. */
async function reopen(
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
