/**
 * What one bucket holds, in memory: what each key holds now, with those keys in order; the versions of keys that have more to
 * tell; uploads with their parts. Without versions a key costs what it did before there were any.
 */
import type { BucketRecord, ObjectRecord, PartRecord, UploadRecord, VersionRecord } from "./records.ts";
import type { BucketContents } from "./shelf.ts";
import { type KeysInOrder, SortedKeys } from "./sorted-keys.ts";
import { isDeleteMarker, versionIdOf } from "./versions-of-key.ts";

interface UploadIndex {
  readonly record: UploadRecord;
  readonly parts: Map<number, PartRecord>;
}

export class BucketIndex {
  record: BucketRecord;
  /** Changes that are being written; a bucket with some is not empty. */
  pending = 0;
  readonly uploads: Map<string, UploadIndex> = new Map();
  /** The newest version of each key, unless that is a delete marker. */
  readonly #objects = new Map<string, ObjectRecord>();
  readonly #keys: SortedKeys;
  /** Oldest first, of keys for which `#objects` does not tell it all. */
  readonly #versions = new Map<string, readonly VersionRecord[]>();
  /** Keys whose newest version is a delete marker: kept apart, so that no listing has to step over them. */
  readonly #hiddenKeys: SortedKeys;

  constructor(contents: BucketContents) {
    this.record = contents.record;
    const stacks = new Map<string, VersionRecord[]>();
    for (const version of contents.versions) {
      const known = stacks.get(version.key);
      if (known === undefined) stacks.set(version.key, [version]);
      else known.push(version);
    }
    for (const [key, versions] of stacks) {
      versions.sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
      this.#keep(key, versions);
    }
    this.#keys = new SortedKeys(this.#objects.keys());
    this.#hiddenKeys = new SortedKeys([...stacks.keys()].filter((key) => !this.#objects.has(key)));
    for (const { record, parts } of contents.uploads) {
      this.uploads.set(record.id, { record, parts: new Map(parts.map((part) => [part.number, part])) });
    }
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0 && this.#hiddenKeys.size === 0 && this.pending === 0;
  }

  get keys(): KeysInOrder {
    return this.#keys;
  }

  get hiddenKeys(): KeysInOrder {
    return this.#hiddenKeys;
  }

  /** What it holds now, as a shelf would have held it. */
  contents(): BucketContents {
    return {
      record: this.record,
      versions: [...this.#keys, ...this.#hiddenKeys].flatMap((key) => this.versions(key)),
      uploads: [...this.uploads.values()].map(({ record, parts }) => ({ record, parts: [...parts.values()] })),
    };
  }

  find(key: string): ObjectRecord | undefined {
    return this.#objects.get(key);
  }

  /** Oldest first. */
  versions(key: string): readonly VersionRecord[] {
    const only = this.#objects.get(key);
    return this.#versions.get(key) ?? (only === undefined ? [] : [only]);
  }

  findVersion(key: string, versionId: string): VersionRecord | undefined {
    return this.versions(key).findLast((version) => versionIdOf(version) === versionId);
  }

  /** Takes the place of all versions of a key; oldest first. */
  setVersions(key: string, versions: readonly VersionRecord[]): void {
    const wasShown = this.#objects.has(key);
    const wasHidden = !wasShown && this.#versions.has(key);
    this.#keep(key, versions);
    const isShown = this.#objects.has(key);
    const isHidden = !isShown && versions.length > 0;
    if (isShown !== wasShown) place(this.#keys, key, isShown);
    if (isHidden !== wasHidden) place(this.#hiddenKeys, key, isHidden);
  }

  #keep(key: string, versions: readonly VersionRecord[]): void {
    const newest = versions.at(-1);
    const object = newest === undefined || isDeleteMarker(newest) ? undefined : newest;
    if (object === undefined) this.#objects.delete(key);
    else this.#objects.set(key, object);
    if (versions.length > (object === undefined ? 0 : 1)) this.#versions.set(key, versions);
    else this.#versions.delete(key);
  }
}

function place(keys: SortedKeys, key: string, belongs: boolean): void {
  if (belongs) keys.add(key);
  else keys.delete(key);
}
