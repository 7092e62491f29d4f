/**
 * What the operations ask of a storage. Keys are opaque; changes are atomic; `guard` runs between reading the
 * present state and changing it, with nothing in between, and refuses by throwing.
 */
import type {
  Blob,
  BucketRecord,
  DeleteMarker,
  ObjectRecord,
  PartRecord,
  UploadRecord,
  VersionRecord,
} from "./records.ts";
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

/** Sees what the key holds now, undefined for nothing and for a delete marker; throws to refuse the change. */
export type Guard = (current: ObjectRecord | undefined) => void;

/** Makes an object of an upload's parts, in the order of their numbers; throws to refuse. */
export type Assemble = (upload: UploadRecord, parts: readonly PartRecord[]) => ObjectRecord;

/** What becomes of a version, undefined for none; its bytes and its place stay. Throws to refuse. */
export type Revision = (version: VersionRecord | undefined) => ObjectRecord;

/** Errors of every method that takes a bucket's name, but `findBucket`: NoSuchBucket. */
export interface Storage {
  readonly buckets: () => readonly BucketRecord[];
  bucket(name: string): BucketRecord;
  /** Undefined when there is none. */
  findBucket(name: string): BucketRecord | undefined;
  /** Error: BucketAlreadyOwnedByYou. */
  createBucket(record: BucketRecord): Promise<void>;
  /** Changes what is known of a bucket itself; `change` sees it as it is at that moment, and refuses by throwing. */
  reviseBucket(name: string, change: (record: BucketRecord) => BucketRecord): Promise<void>;
  /** Error: BucketNotEmpty, while there is any version. */
  removeBucket(name: string): Promise<void>;

  /** Keys that hold something, in the order of their UTF-8 bytes; valid until the next change. */
  keys(bucket: string): KeysInOrder;
  /** Keys whose newest version is a delete marker; likewise. */
  hiddenKeys(bucket: string): KeysInOrder;
  /** What the key holds now. */
  find(bucket: string, key: string): ObjectRecord | undefined;
  /** In the order of their arrival; `[]` for a key that never was. */
  versions(bucket: string, key: string): readonly VersionRecord[];
  findVersion(bucket: string, key: string, versionId: string): VersionRecord | undefined;
  /** The version of this name, else what the key holds now; undefined for a delete marker, too. */
  open(bucket: string, key: string, versionId?: string | undefined): OpenObject | undefined;
  /** Room for a body; `sizeBytes` is a hint. */
  createBlob(sizeBytes: number | undefined): PendingBlob;
  /** Gives up blobs that no record names. */
  dropBlobs(blobs: readonly Blob[]): Promise<void>;
  /**
   * Makes this what the key holds, as another version where the bucket keeps them; resolves with the record and its place. When
   * the guard refuses, the record's blobs are dropped.
   */
  put(bucket: string, record: ObjectRecord, guard?: Guard): Promise<ObjectRecord>;
  /**
   * Lets the key hold nothing: by a delete marker of this time, with which it resolves, where the bucket has ever kept
   * versions.
   */
  remove(bucket: string, key: string, nowMs: number, guard?: Guard): Promise<DeleteMarker | undefined>;
  /** Takes away one version for good, and resolves with it; undefined for none of this name. */
  removeVersion(bucket: string, key: string, versionId: string, guard?: Guard): Promise<VersionRecord | undefined>;
  /** Changes what is said of a version in its place, of the newest one without a name. */
  revise(bucket: string, key: string, versionId: string | undefined, revision: Revision): Promise<ObjectRecord>;

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
