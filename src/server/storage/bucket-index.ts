/** What one bucket holds, in memory: objects by key with the keys in order, uploads with their parts. */
import type { BucketRecord, ObjectRecord, PartRecord, UploadRecord } from "./records.ts";
import type { BucketContents } from "./shelf.ts";
import { type KeysInOrder, SortedKeys } from "./sorted-keys.ts";

interface UploadIndex {
  readonly record: UploadRecord;
  readonly parts: Map<number, PartRecord>;
}

export class BucketIndex {
  record: BucketRecord;
  /** Changes that are being written; a bucket with some is not empty. */
  pending = 0;
  readonly uploads: Map<string, UploadIndex> = new Map();
  readonly #objects = new Map<string, ObjectRecord>();
  readonly #keys: SortedKeys;

  constructor(contents: BucketContents) {
    this.record = contents.record;
    for (const object of contents.objects) this.#objects.set(object.key, object);
    this.#keys = new SortedKeys(this.#objects.keys());
    for (const { record, parts } of contents.uploads) {
      this.uploads.set(record.id, { record, parts: new Map(parts.map((part) => [part.number, part])) });
    }
  }

  get keys(): KeysInOrder {
    return this.#keys;
  }

  find(key: string): ObjectRecord | undefined {
    return this.#objects.get(key);
  }

  set(record: ObjectRecord): void {
    if (!this.#objects.has(record.key)) this.#keys.add(record.key);
    this.#objects.set(record.key, record);
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#keys.delete(key);
  }
}
