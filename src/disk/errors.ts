/**
 * Errno → typed error: the cause as a code, the path in the message, the way out in the hint.
 * What has no errno (a bug, a simulated crash) passes through as it is.
 */
import { EntrepotError, type ErrorCode } from "../error/index.ts";

type Cause = readonly [ErrorCode, string, hint?: string];

const badName: Cause = ["unrepresentable-name", "the file system cannot hold this name", "choose another name"];

const causes: Readonly<Record<string, Cause>> = {
  ENOENT: ["not-found", "no such file or folder"],
  ENOTDIR: ["not-found", "a file is in the way of a folder"],
  EACCES: ["forbidden", "permission denied", "check the owner and mode of the file and of the folders above it"],
  EPERM: ["forbidden", "operation not permitted", "check the owner and mode of the file and of the folders above it"],
  EEXIST: ["already-exists", "it exists already"],
  EISDIR: ["already-exists", "a folder bears this name", "remove the folder or choose another name"],
  ENOTEMPTY: ["not-empty", "the folder is not empty"],
  EROFS: ["read-only", "the file system is read-only", "choose a folder on a writable file system"],
  ENOSPC: ["no-space", "no space left on the disk", "free some space or inodes, or choose another disk"],
  EDQUOT: ["no-space", "the disk quota is used up", "free some space or choose another disk"],
  E2BIG: [
    "limit-exceeded",
    "its arguments and environment are longer than a program can be given",
    "hand them over in a file",
  ],
  EFBIG: ["limit-exceeded", "the file would be larger than allowed", "raise the limit of the process (ulimit -f)"],
  ENAMETOOLONG: ["unrepresentable-name", "the name is too long for this file system", "choose a shorter name"],
  EILSEQ: badName,
  ELOOP: ["unsafe-key", "a symbolic link is in the way", "replace the link by a file"],
  EMFILE: ["busy", "the process has too many open files", "raise its limit (ulimit -n) or lower the concurrency"],
  ENFILE: ["busy", "the machine has too many open files", "close other programs or lower the concurrency"],
  EBUSY: ["busy", "someone else holds it"],
  ETXTBSY: ["busy", "it is a program that is running"],
  EXDEV: ["io", "source and target are on different file systems", "choose folders on one file system"],
  ESTALE: ["io", "the network file system lost track of it", "try again, or mount the file system anew"],
  EIO: ["io", "the disk reported an error", "check the disk"],
};

/** The errno behind an error, also behind one of ours; `undefined` when there is none. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof EntrepotError) return errnoOf(error.cause);
  return "errno" in error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * The typed form of what an operation on `path` threw. `action` is a verb, e.g. `"write"`. EINVAL counts as a bad name
 * when `ofName`, else as an I/O error.
 */
export function diskError(error: unknown, action: string, path: string, ofName = true): unknown {
  if (error instanceof EntrepotError) return error;
  if (error instanceof TypeError && "code" in error && error.code === "ERR_INVALID_ARG_VALUE") {
    const details = { cause: error, hint: "choose a name without NUL characters" };
    return new EntrepotError(
      "unrepresentable-name",
      `Cannot ${action} ${JSON.stringify(path)}: no file can have this name`,
      details,
    );
  }
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  const [code, text, hint] =
    errno === "EINVAL" && ofName ? badName : (causes[errno] ?? ["io", (error as Error).message]);
  return new EntrepotError(code, `Cannot ${action} ${path}: ${text} (${errno})`, { cause: error, hint });
}
