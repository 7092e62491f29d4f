/**
 * The rules of a storage, written once: an index in memory over a shelf that keeps bytes and records. Changes of
 * one key follow each other; the index changes when the shelf has kept the change, never before.
 */
import { s3Error } from "../errors.ts";
import { compareKeys } from "../key-order.ts";
import { BucketIndex } from "./bucket-index.ts";
import type { Blob, BucketRecord, ObjectRecord, PartRecord, UploadRecord } from "./records.ts";
import type { Shelf, ShelfContents } from "./shelf.ts";
import type { Assemble, Guard, OpenObject, PendingBlob, Storage } from "./storage.ts";

export class IndexedStorage implements Storage {
  readonly #shelf: Shelf;
  readonly #buckets = new Map<string, BucketIndex>();
  /** The last change under way, by bucket and key. */
  readonly #queues = new Map<string, Promise<unknown>>();
  /** How many readers hold a blob, and blobs that wait for their last reader. */
  readonly #pins = new Map<string, number>();
  readonly #condemned = new Map<string, Blob>();

  readonly #onClose: () => Promise<void>;

  constructor(
    shelf: Shelf,
    contents: ShelfContents = { buckets: [] },
    onClose: () => Promise<void> = async () => undefined,
  ) {
    this.#shelf = shelf;
    this.#onClose = onClose;
    for (const bucket of contents.buckets) this.#buckets.set(bucket.record.name, new BucketIndex(bucket));
  }

  readonly buckets = (): readonly BucketRecord[] =>
    [...this.#buckets.values()].map(({ record }) => record).sort((a, b) => compareKeys(a.name, b.name));

  bucket(name: string): BucketRecord {
    return this.#index(name).record;
  }

  async createBucket(record: BucketRecord): Promise<void> {
    await this.#inTurn(record.name, async () => {
      if (this.#buckets.has(record.name)) {
        throw s3Error("BucketAlreadyOwnedByYou", { details: { BucketName: record.name } });
      }
      await this.#shelf.saveBucket(record);
      this.#buckets.set(record.name, new BucketIndex({ record, objects: [], uploads: [] }));
    });
  }

  async reviseBucket(name: string, change: (record: BucketRecord) => BucketRecord): Promise<void> {
    await this.#inTurn(name, async () => {
      const index = this.#index(name);
      const revised = change(index.record);
      await this.#shelf.saveBucket(revised);
      index.record = revised;
    });
  }

  async removeBucket(name: string): Promise<void> {
    await this.#inTurn(name, async () => {
      const index = this.#index(name);
      // Unfinished uploads do not keep a bucket alive; they end with it.
      if (index.keys.length > 0 || index.pending > 0) {
        throw s3Error("BucketNotEmpty", { details: { BucketName: name } });
      }
      // Gone from the index first: nobody may put into a folder that is being removed.
      this.#buckets.delete(name);
      await this.#shelf.dropBucket(name);
      const parts = [...index.uploads.values()].flatMap((upload) => [...upload.parts.values()]);
      await this.dropBlobs(parts.map(({ blob }) => blob));
    });
  }

  keys(bucket: string): readonly string[] {
    return this.#index(bucket).keys;
  }

  find(bucket: string, key: string): ObjectRecord | undefined {
    return this.#index(bucket).find(key);
  }

  open(bucket: string, key: string): OpenObject | undefined {
    const record = this.find(bucket, key);
    if (record === undefined) return undefined;
    for (const { id } of record.blobs) this.#pins.set(id, (this.#pins.get(id) ?? 0) + 1);
    let held = true;
    return {
      record,
      read: (start, end) => this.#shelf.read(record.blobs, start, end),
      release: () => {
        if (held) this.#unpin(record.blobs);
        held = false;
      },
    };
  }

  createBlob(sizeBytes: number | undefined): PendingBlob {
    return this.#shelf.createBlob(sizeBytes);
  }

  async dropBlobs(blobs: readonly Blob[]): Promise<void> {
    const free = blobs.filter(({ id }) => !this.#pins.has(id));
    for (const blob of blobs) if (this.#pins.has(blob.id)) this.#condemned.set(blob.id, blob);
    if (free.length > 0) await this.#shelf.dropBlobs(free);
  }

  async put(bucket: string, record: ObjectRecord, guard?: Guard): Promise<void> {
    try {
      await this.#change(bucket, record.key, async (index) => {
        const replaced = index.find(record.key);
        guard?.(replaced);
        await this.#shelf.saveObject(bucket, record);
        index.set(record);
        if (replaced !== undefined) await this.dropBlobs(replaced.blobs);
      });
    } catch (error) {
      await this.dropBlobs(record.blobs);
      throw error;
    }
  }

  async remove(bucket: string, key: string, guard?: Guard): Promise<void> {
    await this.#change(bucket, key, async (index) => {
      const removed = index.find(key);
      guard?.(removed);
      if (removed === undefined) return;
      await this.#shelf.dropObject(bucket, key);
      index.delete(key);
      await this.dropBlobs(removed.blobs);
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
      const replaced = index.find(key);
      guard?.(replaced);
      const record = assemble(upload, this.parts(bucket, id));
      await this.#shelf.saveObject(bucket, record);
      index.set(record);
      const kept = new Set(record.blobs.map((blob) => blob.id));
      await this.#endUpload(bucket, index, id, (blob) => !kept.has(blob.id));
      if (replaced !== undefined) await this.dropBlobs(replaced.blobs);
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
    await Promise.allSettled(this.#queues.values());
    await this.#onClose();
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
    return await this.#inTurn(`${bucket}/${key}`, async () => {
      const index = this.#index(bucket);
      index.pending += 1;
      try {
        return await change(index);
      } finally {
        index.pending -= 1;
      }
    });
  }

  /** Runs changes of one name one after the other; at once when none is under way. */
  async #inTurn<T>(name: string, change: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(name);
    const turn = before === undefined ? change() : before.then(change, change);
    this.#queues.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#queues.get(name) === turn) this.#queues.delete(name);
    }
  }

  #unpin(blobs: readonly Blob[]): void {
    for (const { id } of blobs) {
      const holders = (this.#pins.get(id) ?? 1) - 1;
      if (holders > 0) {
        this.#pins.set(id, holders);
        continue;
      }
      this.#pins.delete(id);
      const condemned = this.#condemned.get(id);
      if (condemned === undefined) continue;
      this.#condemned.delete(id);
      // A file that could not be removed is garbage for the next start, not a failure of this read.
      void this.#shelf.dropBlobs([condemned]).catch(() => undefined);
    }
  }
}
