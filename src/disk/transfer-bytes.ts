/**
 * Reads and writes that are complete: short ones are continued, interrupted ones repeated. Small pieces block,
 * larger ones run on the thread pool.
 */
import type { FsOperations } from "./fs-operations.ts";

/** Up to this size a synchronous call is cheaper than a trip to the thread pool. */
export const smallBytes: number = 64 * 1024;

/** Writes all of `chunk` at `position`. */
export async function writeFully(fs: FsOperations, fd: number, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    const left = chunk.byteLength - done;
    const args = [fd, chunk, done, left, position + done] as const;
    done += await uninterrupted(() => (left <= smallBytes ? fs.write(...args) : fs.writeLater(...args)));
  }
}

/** Fills `target` from `position`; the result is smaller than `target` only at the end of the file. */
export async function readFully(fs: FsOperations, fd: number, target: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < target.byteLength) {
    const left = target.byteLength - done;
    const args = [fd, target, done, left, position + done] as const;
    const read = await uninterrupted(() => (left <= smallBytes ? fs.read(...args) : fs.readLater(...args)));
    if (read === 0) break;
    done += read;
  }
  return done;
}

async function uninterrupted(operation: () => number | Promise<number>): Promise<number> {
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EINTR")) throw error;
    }
  }
}
