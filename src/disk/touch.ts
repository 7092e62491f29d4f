/** The times of a file, and of one that is another user's. */
import { errnoOf } from "./errors.ts";
import { type FsOperations, openFlags } from "./fs-operations.ts";

/** Milliseconds since 1970, where we may say them; the present where we may only write. Errors: Node's own. */
export function touch(fs: FsOperations, path: string, modifiedMs: number): void {
  try {
    fs.lutimes(path, modifiedMs / 1000, modifiedMs / 1000);
  } catch (error) {
    if (errnoOf(error) !== "EPERM") throw error;
    touchNow(fs, path);
  }
}

/** Only its owner may say any time of a file; whoever may write to it can have it stamped by cutting it where it ends. */
function touchNow(fs: FsOperations, path: string): void {
  const fd = fs.open(path, openFlags.write);
  try {
    const stats = fs.fstat(fd);
    if (stats.isFile()) fs.ftruncate(fd, Number(stats.size));
  } finally {
    fs.close(fd);
  }
}
