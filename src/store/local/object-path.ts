/** Where an object of a key lies on the disk, what its address is, and how errors of the disk come to bear it. */
import { basename } from "node:path";
import { errnoOf, isReservedName, safeJoin } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";

/** One object of a local store. */
export interface FilePlace {
  readonly key: string;
  readonly path: string;
  readonly uri: string;
}

/** Errors: unsafe-key, unrepresentable-name. */
export function placeOf(root: string, rootUri: string, key: string): FilePlace {
  const uri = rootUri + escapedKey(key);
  try {
    const path = safeJoin(root, key);
    if (isReservedName(basename(path))) throw reserved(key);
    return { key, path, uri };
  } catch (error) {
    throw atUri(error, uri);
  }
}

/** The same error with the address of the object; what is not ours passes. */
export function atUri(error: unknown, uri: string): unknown {
  if (!(error instanceof EntrepotError) || error.uri !== undefined) return error;
  const { code, message, hint, cause, failures, retryable } = error;
  return new EntrepotError(code, message, { uri, hint, cause, failures, retryable });
}

/** The typed form of an error that comes from a file in place of a folder: in a bucket, `foo` and `foo/bar` can both be. */
export function fileInTheWay(place: FilePlace, error: unknown): unknown {
  if (!["ENOTDIR", "EEXIST"].includes(errnoOf(error) ?? "")) return error;
  const hint = "a file bears the name of one of the folders above it: rename one of the two";
  const details = { uri: place.uri, cause: error, hint };
  return new EntrepotError("unrepresentable-name", `A file is in the way of ${place.path}`, details);
}

/** The reverse: a folder with something in it bears the name of the file. */
export function folderInTheWay(place: FilePlace, cause: unknown): EntrepotError {
  const hint = "a folder that holds something bears this name: rename one of the two";
  return new EntrepotError("unrepresentable-name", `A folder is in the way of ${place.path}`, {
    uri: place.uri,
    cause,
    hint,
  });
}

/** What is written is renamed into place, and what was there is gone. */
export function noFile({ path, uri }: FilePlace): EntrepotError {
  return new EntrepotError("unsupported", `${path} is a device, a pipe or a socket, and would be replaced by a file`, {
    uri,
    hint: "read the object as a stream and write it there yourself; on the command line, cat it",
  });
}

function reserved(key: string): EntrepotError {
  const hint = "choose a name that does not begin with .entrepot-";
  return new EntrepotError("unrepresentable-name", `${JSON.stringify(key)} is a name for temporary files`, { hint });
}

/** As in a `file:` URL: `%`, `?`, `#`, controls and what is not ASCII are escaped, slashes stay. */
export function escapedKey(key: string): string {
  const wellFormed = key.replaceAll(/\p{Surrogate}/gu, "\ufffd");
  return encodeURI(wellFormed).replaceAll(/[?#]/g, encodeURIComponent);
}
