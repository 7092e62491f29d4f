/** What a store knows of an object, whoever asks. */
import type { ChecksumAlgorithm } from "../checksum/index.ts";

/** One version of one object. */
export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. S3 knows whole seconds. */
  readonly modifiedMs: number;
  /**
   * Opaque, with its quotes if the server gave some; only ever compared. Local files: made of inode, size and times. `W/"entrepot-…"`
   * is made up here for a server that gives none, empty where even that is impossible: neither can be a condition of a change
   * (`unsupported`) or pin a range (`unsupported`).
   */
  readonly etag: string;
  readonly versionId: string | undefined;
  readonly contentType?: string | undefined;
  /** As stored, e.g. `gzip`; the body is never decoded here. */
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly cacheControl?: string | undefined;
  /** User metadata, names in lower case without `x-amz-meta-`. Only from `read` and `stat`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly storageClass?: string | undefined;
  /** `AES256`, `aws:kms`, `aws:kms:dsse`, or `customer` for a key that every reader brings. Only from `read` and `stat`. */
  readonly encryption?: string | undefined;
  /** Those of all its bytes that the server keeps, base64. Only from `stat` with `checksums`, and only from S3. */
  readonly checksums?: Readonly<Partial<Record<ChecksumAlgorithm, string>>> | undefined;
}
