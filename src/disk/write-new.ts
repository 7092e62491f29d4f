/**
 * A file written in place, under a name that nothing bears: for folders that nobody else looks into, where a pending name and a rename
 * would protect nobody. Links are not followed, and a failure leaves no part of it.
 */
import { errnoOf } from "./errors.ts";
import { type FsOperations, openFlags } from "./fs-operations.ts";
import { smallBytes, writeFully } from "./transfer-bytes.ts";

export interface NewFileOptions {
  /** Permission bits, whatever the umask. Default `0o666` less the umask. */
  readonly mode?: number | undefined;
  /** The time that the file is to bear, milliseconds since 1970. Default: the system's. */
  readonly modifiedMs?: number | undefined;
}

/** Small contents with synchronous calls alone: then there is nothing to wait for. Throws what the system says. */
export function writeNew(
  fs: FsOperations,
  path: string,
  bytes: Uint8Array,
  { mode, modifiedMs }: NewFileOptions,
): undefined | Promise<void> {
  const fd = fs.open(path, openFlags.create, mode === undefined ? 0o666 : 0o600);
  const finish = (): undefined => {
    if (mode !== undefined) fs.fchmod(fd, mode);
    if (modifiedMs !== undefined) fs.futimes(fd, modifiedMs / 1000, modifiedMs / 1000);
    fs.close(fd);
  };
  const giveUp = (error: unknown): never => {
    try {
      fs.close(fd);
      fs.unlink(path);
    } catch {
      // what went wrong first is what the caller is to know
    }
    throw error;
  };
  try {
    const written = writtenAtOnce(fs, fd, bytes);
    if (written === bytes.length) return finish();
    return writeFully(fs, fd, bytes.subarray(written), written).then(finish).catch(giveUp);
  } catch (error) {
    return giveUp(error);
  }
}

function writtenAtOnce(fs: FsOperations, fd: number, bytes: Uint8Array): number {
  if (bytes.length === 0 || bytes.length > smallBytes) return 0;
  try {
    return fs.write(fd, bytes, 0, bytes.length, 0);
  } catch (error) {
    if (errnoOf(error) === "EINTR") return 0;
    throw error;
  }
}
