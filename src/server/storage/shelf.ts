/** Where a storage lays its bytes and records: the part in which memory and folder differ. */
import type { Blob, BucketRecord, PartRecord, UploadRecord, VersionRecord } from "./records.ts";
import type { BlobBytes, PendingBlob } from "./storage.ts";

/** Every method resolves when the change would survive the end of the process. */
export interface Shelf {
  createBlob(sizeBytes: number | undefined): PendingBlob;
  /** Bytes `[start, end)` of the blobs laid end to end. */
  read(blobs: readonly Blob[], start: number, end: number): BlobBytes;
  dropBlobs(blobs: readonly Blob[]): Promise<void>;
  saveBucket(record: BucketRecord): Promise<void>;
  dropBucket(name: string): Promise<void>;
  /** In the place of the version of the same name, if there is one: never both, never neither. */
  saveVersion(bucket: string, record: VersionRecord): Promise<void>;
  dropVersion(bucket: string, key: string, versionId: string | undefined): Promise<void>;
  saveUpload(bucket: string, upload: UploadRecord): Promise<void>;
  savePart(bucket: string, uploadId: string, part: PartRecord): Promise<void>;
  /** With the records of its parts, not with their blobs. */
  dropUpload(bucket: string, uploadId: string): Promise<void>;
}

/** What a shelf held when it was opened. */
export interface ShelfContents {
  readonly buckets: readonly BucketContents[];
}

export interface BucketContents {
  readonly record: BucketRecord;
  /** In any order. */
  readonly versions: readonly VersionRecord[];
  readonly uploads: readonly { readonly record: UploadRecord; readonly parts: readonly PartRecord[] }[];
}
