/** Where a storage lays its bytes and records: the part in which memory and folder differ. */
import type { Blob, BucketRecord, ObjectRecord, PartRecord, UploadRecord } from "./records.ts";
import type { BlobBytes, PendingBlob } from "./storage.ts";

/** Every method resolves when the change would survive the end of the process. */
export interface Shelf {
  createBlob(sizeBytes: number | undefined): PendingBlob;
  /** Bytes `[start, end)` of the blobs laid end to end. */
  read(blobs: readonly Blob[], start: number, end: number): BlobBytes;
  dropBlobs(blobs: readonly Blob[]): Promise<void>;
  saveBucket(record: BucketRecord): Promise<void>;
  dropBucket(name: string): Promise<void>;
  saveObject(bucket: string, record: ObjectRecord): Promise<void>;
  dropObject(bucket: string, key: string): Promise<void>;
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
  readonly objects: readonly ObjectRecord[];
  readonly uploads: readonly { readonly record: UploadRecord; readonly parts: readonly PartRecord[] }[];
}
