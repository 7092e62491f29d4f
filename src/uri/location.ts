/**
 * An address as a value. Keys are opaque: no segment, escape or slash in them means anything here.
 */

/** An object (or, with an empty key, the bucket; with a final `/`, a folder) in an S3 store. */
export interface S3Location {
  readonly scheme: "s3";
  /** A bucket's name or an access-point ARN. `""` stands for the account: `s3://` lists buckets. */
  readonly bucket: string;
  /** The key as S3 has it, never percent-decoded; at most 1,024 bytes of UTF-8. */
  readonly key: string;
  readonly versionId: string | undefined;
}

/** A file (or, with a final `/`, a folder) of this machine. */
export interface FileLocation {
  readonly scheme: "file";
  /** Absolute, `/`-separated, without `.` and `..`; a final `/` is kept. */
  readonly path: string;
}

/** An object in the memory of this depot. */
export interface MemoryLocation {
  readonly scheme: "memory";
  readonly key: string;
}

/** Something that is read over HTTP; nothing can be written or listed there. */
export interface HttpLocation {
  readonly scheme: "http" | "https";
  /** The whole URL, query included. */
  readonly url: string;
}

/** Where something lies. */
export type Location = S3Location | FileLocation | MemoryLocation | HttpLocation;

/** An object of S3, taken literally whatever its key ends in. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

/**
 * What every verb accepts: a full URI, a local path (`./x`, `/x`, `~/x`), a bare name under the root in force,
 * a `file:`, `http:` or `https:` URL, or `{ bucket, key }`.
 */
export type Address = string | URL | ObjectAddress;
