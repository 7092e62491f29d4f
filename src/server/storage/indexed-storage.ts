/**
 * The rules of a storage, written once: an index in memory over a shelf that keeps bytes and records. Changes of
 * one key follow each other; the index changes when the shelf has kept the change, never before.
 */
import { s3Error } from "../errors.ts";
import { BlobPins } from "./blob-pins.ts";
import { BucketIndex } from "./bucket-index.ts";
import { compareKeys } from "./key-order.ts";
import { NamedTurns } from "./named-turns.ts";
import type {
  Blob,
  BucketRecord,
  DeleteMarker,
  ObjectRecord,
  PartRecord,
  UploadRecord,
  VersionRecord,
} from "./records.ts";
import type { Shelf, ShelfContents } from "./shelf.ts";
import type { KeysInOrder } from "./sorted-keys.ts";
import type { Assemble, Guard, OpenObject, PendingBlob, Revision, Storage } from "./storage.ts";
import { blobsOf, isDeleteMarker, placed, withRevised, withVersion } from "./versions-of-key.ts";

export class IndexedStorage implements Storage {
  readonly #shelf: Shelf;
  readonly #buckets = new Map<string, BucketIndex>();
  /** By bucket, and by bucket and key. */
  readonly #turns = new NamedTurns();
  readonly #pins: BlobPins;
  readonly #onClose: () => Promise<void>;

  constructor(
    shelf: Shelf,
    contents: ShelfContents = { buckets: [] },
    onClose: () => Promise<void> = async () => undefined,
  ) {
    this.#shelf = shelf;
    this.#pins = new BlobPins((blobs) => shelf.dropBlobs(blobs));
    this.#onClose = onClose;
    for (const bucket of contents.buckets) this.#buckets.set(bucket.record.name, new BucketIndex(bucket));
  }

  readonly buckets = (): readonly BucketRecord[] =>
    [...this.#buckets.values()].map(({ record }) => record).sort((a, b) => compareKeys(a.name, b.name));

  bucket(name: string): BucketRecord {
    return this.#index(name).record;
  }

  findBucket(name: string): BucketRecord | undefined {
    return this.#buckets.get(name)?.record;
  }

  async createBucket(record: BucketRecord): Promise<void> {
    await this.#turns.take(record.name, async () => {
      if (this.#buckets.has(record.name)) {
        throw s3Error("BucketAlreadyOwnedByYou", { details: { BucketName: record.name } });
      }
      await this.#shelf.saveBucket(record);
      this.#buckets.set(record.name, new BucketIndex({ record, versions: [], uploads: [] }));
    });
  }

  async reviseBucket(name: string, change: (record: BucketRecord) => BucketRecord): Promise<void> {
    await this.#turns.take(name, async () => {
      const index = this.#index(name);
      const revised = change(index.record);
      await this.#shelf.saveBucket(revised);
      index.record = revised;
    });
  }

  async removeBucket(name: string): Promise<void> {
    await this.#turns.take(name, async () => {
      const index = this.#index(name);
      // Unfinished uploads do not keep a bucket alive; they end with it.
      if (!index.isEmpty) throw notEmpty(index.record);
      // Gone from the index first: nobody may put into a folder that is being removed.
      this.#buckets.delete(name);
      await this.#shelf.dropBucket(name);
      const parts = [...index.uploads.values()].flatMap((upload) => [...upload.parts.values()]);
      await this.dropBlobs(parts.map(({ blob }) => blob));
    });
  }

  keys(bucket: string): KeysInOrder {
    return this.#index(bucket).keys;
  }

  find(bucket: string, key: string): ObjectRecord | undefined {
    return this.#index(bucket).find(key);
  }

  hiddenKeys(bucket: string): KeysInOrder {
    return this.#index(bucket).hiddenKeys;
  }

  versions(bucket: string, key: string): readonly VersionRecord[] {
    return this.#index(bucket).versions(key);
  }

  findVersion(bucket: string, key: string, versionId: string): VersionRecord | undefined {
    return this.#index(bucket).findVersion(key, versionId);
  }

  open(bucket: string, key: string, versionId?: string | undefined): OpenObject | undefined {
    const record = versionId === undefined ? this.find(bucket, key) : this.findVersion(bucket, key, versionId);
    if (record === undefined || isDeleteMarker(record)) return undefined;
    return {
      record,
      read: (start, end) => this.#shelf.read(record.blobs, start, end),
      release: this.#pins.hold(record.blobs),
    };
  }

  createBlob(sizeBytes: number | undefined): PendingBlob {
    return this.#shelf.createBlob(sizeBytes);
  }

  async dropBlobs(blobs: readonly Blob[]): Promise<void> {
    await this.#pins.drop(blobs);
  }

  async put(bucket: string, record: ObjectRecord, guard?: Guard): Promise<ObjectRecord> {
    try {
      return await this.#change(bucket, record.key, async (index) => {
        guard?.(index.find(record.key));
        return await this.#publish(bucket, index, record);
      });
    } catch (error) {
      await this.dropBlobs(record.blobs);
      throw error;
    }
  }

  async remove(bucket: string, key: string, nowMs: number, guard?: Guard): Promise<DeleteMarker | undefined> {
    return await this.#change(bucket, key, async (index) => {
      guard?.(index.find(key));
      if (index.record.versioning !== undefined) {
        return await this.#publish(bucket, index, { key, modifiedMs: nowMs, deleteMarker: true });
      }
      await this.#withdraw(bucket, index, key, "null");
      return undefined;
    });
  }

  async removeVersion(
    bucket: string,
    key: string,
    versionId: string,
    guard?: Guard,
  ): Promise<VersionRecord | undefined> {
    return await this.#change(bucket, key, async (index) => {
      guard?.(index.find(key));
      return await this.#withdraw(bucket, index, key, versionId);
    });
  }

  async revise(bucket: string, key: string, versionId: string | undefined, revision: Revision): Promise<ObjectRecord> {
    return await this.#change(bucket, key, async (index) => {
      const versions = index.versions(key);
      const revised = revision(versionId === undefined ? versions.at(-1) : index.findVersion(key, versionId));
      await this.#shelf.saveVersion(bucket, revised);
      index.setVersions(key, withRevised(versions, revised));
      return revised;
    });
  }

  async createUpload(bucket: string, upload: UploadRecord): Promise<void> {
    await this.#change(bucket, upload.key, async (index) => {
      await this.#shelf.saveUpload(bucket, upload);
      index.uploads.set(upload.id, { record: upload, parts: new Map() });
    });
  }

  uploads(bucket: string): readonly UploadRecord[] {
    return [...this.#index(bucket).uploads.values()]
      .map(({ record }) => record)
      .sort((a, b) => compareKeys(a.key, b.key) || a.createdMs - b.createdMs || compareKeys(a.id, b.id));
  }

  upload(bucket: string, key: string, id: string): UploadRecord {
    const upload = this.#index(bucket).uploads.get(id)?.record;
    if (upload === undefined || upload.key !== key) throw s3Error("NoSuchUpload", { details: { UploadId: id } });
    return upload;
  }

  parts(bucket: string, id: string): readonly PartRecord[] {
    const parts = this.#index(bucket).uploads.get(id)?.parts.values() ?? [];
    return [...parts].sort((a, b) => a.number - b.number);
  }

  async putPart(bucket: string, key: string, id: string, part: PartRecord): Promise<void> {
    try {
      await this.#change(bucket, key, async (index) => {
        const parts = index.uploads.get(id)?.parts;
        if (parts === undefined) throw s3Error("NoSuchUpload", { details: { UploadId: id } });
        await this.#shelf.savePart(bucket, id, part);
        const replaced = parts.get(part.number);
        parts.set(part.number, part);
        if (replaced !== undefined) await this.dropBlobs([replaced.blob]);
      });
    } catch (error) {
      await this.dropBlobs([part.blob]);
      throw error;
    }
  }

  async completeUpload(
    bucket: string,
    key: string,
    id: string,
    assemble: Assemble,
    guard?: Guard,
  ): Promise<ObjectRecord> {
    return await this.#change(bucket, key, async (index) => {
      const upload = this.upload(bucket, key, id);
      guard?.(index.find(key));
      const record = await this.#publish(bucket, index, assemble(upload, this.parts(bucket, id)));
      const kept = new Set(record.blobs.map((blob) => blob.id));
      await this.#endUpload(bucket, index, id, (blob) => !kept.has(blob.id));
      return record;
    });
  }

  async abortUpload(bucket: string, key: string, id: string): Promise<void> {
    await this.#change(bucket, key, async (index) => {
      this.upload(bucket, key, id);
      await this.#endUpload(bucket, index, id, () => true);
    });
  }

  /** All that it holds now; another storage may begin with it, on a shelf that keeps the same blobs. */
  contents(): ShelfContents {
    return { buckets: [...this.#buckets.values()].map((index) => index.contents()) };
  }

  async close(): Promise<void> {
    await this.#turns.end();
    await this.#onClose();
  }

  /** Makes it the newest version of its key; the one that it replaces, if any, loses its bytes. */
  async #publish<T extends VersionRecord>(bucket: string, index: BucketIndex, record: T): Promise<T> {
    const versions = index.versions(record.key);
    const newest = placed(record, versions, index.record.versioning);
    await this.#shelf.saveVersion(bucket, newest);
    index.setVersions(record.key, withVersion(versions, newest));
    await this.dropBlobs(blobsOf(versions.find(({ versionId }) => versionId === newest.versionId)));
    return newest;
  }

  async #withdraw(
    bucket: string,
    index: BucketIndex,
    key: string,
    versionId: string,
  ): Promise<VersionRecord | undefined> {
    const removed = index.findVersion(key, versionId);
    if (removed === undefined) return undefined;
    await this.#shelf.dropVersion(bucket, key, removed.versionId);
    const rest = index.versions(key).filter((version) => version !== removed);
    index.setVersions(key, rest);
    await this.dropBlobs(blobsOf(removed));
    return removed;
  }

  async #endUpload(bucket: string, index: BucketIndex, id: string, isWaste: (blob: Blob) => boolean): Promise<void> {
    const blobs = this.parts(bucket, id).map(({ blob }) => blob);
    await this.#shelf.dropUpload(bucket, id);
    index.uploads.delete(id);
    await this.dropBlobs(blobs.filter(isWaste));
  }

  #index(name: string): BucketIndex {
    const index = this.#buckets.get(name);
    if (index === undefined) throw s3Error("NoSuchBucket", { details: { BucketName: name } });
    return index;
  }

  async #change<T>(bucket: string, key: string, change: (index: BucketIndex) => Promise<T>): Promise<T> {
    return await this.#turns.take(`${bucket}/${key}`, async () => {
      const index = this.#index(bucket);
      index.pending += 1;
      try {
        return await change(index);
      } finally {
        index.pending -= 1;
      }
    });
  }
}

function notEmpty({ name, versioning }: BucketRecord): Error {
  const more = versioning === undefined ? "" : ". You must delete all versions in the bucket.";
  return s3Error("BucketNotEmpty", {
    message: `The bucket you tried to delete is not empty${more}`,
    details: { BucketName: name },
  });
}
