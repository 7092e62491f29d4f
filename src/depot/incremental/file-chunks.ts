/** A file of this disk as a stream of pieces; one that is not there is an empty one. */
import type { Disk, ReadableFile } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";

const pieceBytes = 256 * 1024;

export async function* fileChunks(disk: Disk, path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let file: ReadableFile;
  try {
    file = await disk.openRead(path);
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return;
    throw error;
  }
  try {
    for (let at = 0; ; ) {
      const piece = new Uint8Array(pieceBytes);
      const read = await file.read(piece, at);
      if (read > 0) yield piece.subarray(0, read);
      if (read < pieceBytes) return;
      at += read;
    }
  } finally {
    await file.close();
  }
}
