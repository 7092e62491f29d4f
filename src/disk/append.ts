/** Adding to the end of a file that is there, with one write, so that what several processes add lies one after the other. */
import { EntrepotError } from "../error/index.ts";
import { type FsOperations, openFlags } from "./fs-operations.ts";

/** The size before. Errors: Node's own; unsafe-key for what is no plain file under one name; no-space when only a part found room. */
export function append(fs: FsOperations, path: string, bytes: Uint8Array): number {
  const fd = fs.open(path, openFlags.append);
  try {
    const stats = fs.fstat(fd);
    if (!stats.isFile() || stats.nlink !== 1n)
      throw new EntrepotError("unsafe-key", `${path} is not a plain file under one name`, { hint: "remove it" });
    if (fs.append(fd, bytes) < bytes.byteLength)
      throw new EntrepotError("no-space", `${path} took only a part`, { hint: "make room on the disk" });
    return Number(stats.size);
  } finally {
    fs.close(fd);
  }
}
