/** What one bucket holds, in memory: objects by key with the keys in order, uploads with their parts. */
import { compareKeys, firstIndex } from "../key-order.ts";
import type { BucketRecord, ObjectRecord, PartRecord, UploadRecord } from "./records.ts";
import type { BucketContents } from "./shelf.ts";

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
  readonly #keys: string[];

  constructor(contents: BucketContents) {
    this.record = contents.record;
    for (const object of contents.objects) this.#objects.set(object.key, object);
    this.#keys = [...this.#objects.keys()].sort(compareKeys);
    for (const { record, parts } of contents.uploads) {
      this.uploads.set(record.id, { record, parts: new Map(parts.map((part) => [part.number, part])) });
    }
  }

  get keys(): readonly string[] {
    return this.#keys;
  }

  /** What it holds now, as a shelf would have held it. */
  contents(): BucketContents {
    return {
      record: this.record,
      objects: this.#keys.flatMap((key) => this.find(key) ?? []),
      uploads: [...this.uploads.values()].map(({ record, parts }) => ({ record, parts: [...parts.values()] })),
    };
  }

  find(key: string): ObjectRecord | undefined {
    return this.#objects.get(key);
  }

  set(record: ObjectRecord): void {
    if (!this.#objects.has(record.key)) this.#keys.splice(this.#position(record.key), 0, record.key);
    this.#objects.set(record.key, record);
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#keys.splice(this.#position(key), 1);
  }

  #position(key: string): number {
    const last = this.#keys.at(-1);
    // Keys mostly come in order.
    if (last === undefined || compareKeys(key, last) > 0) return this.#keys.length;
    return firstIndex(this.#keys, (known) => compareKeys(known, key) >= 0);
  }
}
