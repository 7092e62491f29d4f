/**
 * What the operations ask of a storage. Keys are opaque; changes are atomic; `guard` runs between reading the
 * present state and changing it, with nothing in between, and refuses by throwing.
 */
import type { Blob, BucketRecord, ObjectRecord, PartRecord, UploadRecord } from "./records.ts";
import type { KeysInOrder } from "./sorted-keys.ts";

/** Bytes that nobody sees yet. */
export interface PendingBlob {
  /** Takes a copy of the chunk, or has written it when the promise settles. */
  write(chunk: Uint8Array): void | Promise<void>;
  finish(): Promise<Blob>;
  /** Forgets them; never throws. Does nothing after `finish`. */
  discard(): Promise<void>;
}

/** The bytes of one range: at once when they are in memory and in one piece. */
export type BlobBytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** One version of an object; its bytes stay readable until `release`, whatever happens to the key. */
export interface OpenObject {
  readonly record: ObjectRecord;
  /** Half open, within the object. */
  read(start: number, end: number): BlobBytes;
  release(): void;
}

/** Sees what is there now, undefined for nothing; throws to refuse the change. */
export type Guard = (current: ObjectRecord | undefined) => void;

/** Makes an object of an upload's parts, in the order of their numbers; throws to refuse. */
export type Assemble = (upload: UploadRecord, parts: readonly PartRecord[]) => ObjectRecord;

/** Errors of every method that takes a bucket's name: NoSuchBucket. */
export interface Storage {
  readonly buckets: () => readonly BucketRecord[];
  bucket(name: string): BucketRecord;
  /** Error: BucketAlreadyOwnedByYou. */
  createBucket(record: BucketRecord): Promise<void>;
  /** Changes what is known of a bucket itself; `change` sees it as it is at that moment, and refuses by throwing. */
  reviseBucket(name: string, change: (record: BucketRecord) => BucketRecord): Promise<void>;
  /** Error: BucketNotEmpty. */
  removeBucket(name: string): Promise<void>;

  /** Keys in the order of their UTF-8 bytes; valid until the next change. */
  keys(bucket: string): KeysInOrder;
  find(bucket: string, key: string): ObjectRecord | undefined;
  open(bucket: string, key: string): OpenObject | undefined;
  /** Room for a body; `sizeBytes` is a hint. */
  createBlob(sizeBytes: number | undefined): PendingBlob;
  /** Gives up blobs that no record names. */
  dropBlobs(blobs: readonly Blob[]): Promise<void>;
  /** Replaces what the key holds. When the guard refuses, the record's blobs are dropped. */
  put(bucket: string, record: ObjectRecord, guard?: Guard): Promise<void>;
  remove(bucket: string, key: string, guard?: Guard): Promise<void>;

  createUpload(bucket: string, upload: UploadRecord): Promise<void>;
  /** In the order of key, then of creation. */
  uploads(bucket: string): readonly UploadRecord[];
  /** Error: NoSuchUpload, also when the upload is of another key. */
  upload(bucket: string, key: string, id: string): UploadRecord;
  /** In the order of their numbers. */
  parts(bucket: string, id: string): readonly PartRecord[];
  /** Replaces a part of the same number. */
  putPart(bucket: string, key: string, id: string, part: PartRecord): Promise<void>;
  /** Publishes what `assemble` makes of the parts and ends the upload; parts that it does not use are dropped. */
  completeUpload(bucket: string, key: string, id: string, assemble: Assemble, guard?: Guard): Promise<ObjectRecord>;
  abortUpload(bucket: string, key: string, id: string): Promise<void>;

  /** Waits for changes under way. */
  close(): Promise<void>;
}
