/** What `ifMatch` and `ifNoneMatch` ask of the version that is there: the same words for memory and local files. */
import { EntrepotError } from "../error/index.ts";
import type { ReadOptions, WriteOptions } from "./object-store.ts";

/** Missing objects, in the words of every backend without versions. */
export function notFound(uri: string): EntrepotError<"not-found"> {
  return new EntrepotError("not-found", `There is no object at ${uri}`, {
    uri,
    hint: "check the address for typing errors, or list the folder above it",
  });
}

/** Throws unless `etag` is the version that a read asks for; true when the reader has it already. */
export function checkRead(uri: string, etag: string, options: ReadOptions): "not-modified" | undefined {
  if (options.ifMatch !== undefined && options.ifMatch !== etag) throw otherVersion(uri);
  return options.ifNoneMatch === etag ? "not-modified" : undefined;
}

/** Throws unless a write may replace what is there: the version `etag`, or nothing (`undefined`). */
export function checkWrite(uri: string, etag: string | undefined, options: WriteOptions): void {
  if (options.ifMatch !== undefined && options.ifNoneMatch !== undefined) {
    throw new TypeError("ifMatch replaces and ifNoneMatch creates: give one of them");
  }
  if (options.ifNoneMatch !== undefined && etag !== undefined) throw alreadyExists(uri);
  if (options.ifMatch === undefined) return;
  if (etag === undefined) throw notFound(uri);
  if (options.ifMatch !== etag) throw otherVersion(uri);
}

/** Throws where a version is asked for: files and memory have only the newest. */
export function checkNoVersion(uri: string, versionId: string | undefined): void {
  if (versionId === undefined) return;
  const hint = "leave versionId out; only S3 buckets with versioning have versions";
  throw new EntrepotError("unsupported", `${uri} has no versions`, { uri, hint });
}

export function alreadyExists(uri: string): EntrepotError<"already-exists"> {
  const hint = "leave ifNoneMatch out to replace it, or choose another name";
  return new EntrepotError("already-exists", `${uri} exists already`, { uri, hint });
}

export function otherVersion(uri: string): EntrepotError<"precondition-failed"> {
  const hint = "read the object again and decide anew with its present ETag";
  return new EntrepotError("precondition-failed", `${uri} is not the version that was asked for`, { uri, hint });
}
