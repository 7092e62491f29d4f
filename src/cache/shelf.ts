/**
 * The entries: find, publish, replace, drop. Commit = rename the data, then rename the record; what is damaged is taken
 * away. It knows nothing of servers and freshness.
 */
import { join } from "node:path";
import { isEntrepotError } from "../error/index.ts";
import type { ObjectInfo, ReadResult } from "../store/index.ts";
import { EntryReader, type Found, type Looked, type ReaderSettings } from "./entry-reader.ts";
import { InUse } from "./in-use.ts";
import { dataName, type EntryId, shardFolder, suffixOf } from "./layout.ts";
import { LocalCopy } from "./local-copy.ts";
import { type EntryRecord, fingerprint, formatRecord } from "./record.ts";
import { Spool, type Spooled } from "./spool.ts";
import { checkFolders, folderMode } from "./trust.ts";
import { Turns } from "./turns.ts";

export interface ShelfSettings extends ReaderSettings {
  /** The cache root. */
  readonly root: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a commit adds to the bytes. */
export interface CommitDetails {
  readonly verified: ReadResult["verified"];
  readonly complete: boolean;
  /** Asked when nobody else is changing the entry any more. */
  readonly isWanted: () => boolean;
}

/** A pending file that nobody has written to for so long belongs to a dead process, milliseconds. */
const pendingAgeMs = 3_600_000;
/** Used times are kept to the minute. */
const usedEveryMs = 60_000;

export class Shelf {
  readonly inUse: InUse;
  /** Looks without taking anything away. */
  readonly reader: EntryReader;
  readonly #settings: ShelfSettings;
  readonly #turns = new Turns();
  readonly #tidied = new Set<string>();
  readonly #background = new Set<Promise<unknown>>();
  #trusted: Promise<boolean> | undefined;

  constructor(settings: ShelfSettings) {
    this.#settings = settings;
    this.inUse = new InUse((path) => this.later(this.#remove(path)));
    this.reader = new EntryReader(settings, this.inUse);
  }

  /** Whether the folder may be used at all; known before the first byte is written to it. */
  async isUsable(): Promise<boolean> {
    return (await this.#folders()) !== "unusable";
  }

  /** The record of an entry; a damaged one is taken away. */
  async find(entry: string): Promise<Looked<Found>> {
    const folders = await this.#folders();
    if (folders !== "there") return folders === "absent" ? "none" : "unreadable";
    const found = await this.reader.find(entry);
    if (found === "damaged") await this.#remove(this.reader.recordPath(entry));
    return found;
  }

  /** The record of an entry whose data is there, at least by its size. */
  async findWithData(entry: string): Promise<Looked<Found>> {
    const found = await this.find(entry);
    if (typeof found === "string") return found;
    const there = await this.reader.hasData(found.record);
    if (there === "damaged") await this.drop(found.record);
    return there === true ? found : there;
  }

  /** The open copy of an entry; a damaged one is taken away. To be released. */
  async open(entry: string): Promise<Looked<LocalCopy>> {
    const found = await this.find(entry);
    if (typeof found === "string") return found;
    const copy = await this.reader.open(found.record);
    if (copy === "damaged") await this.drop(found.record);
    else if (copy !== "unreadable" && this.#settings.now() - found.usedMs > usedEveryMs) this.#touch(entry);
    return copy;
  }

  /** Takes the bytes of one version, to be committed. */
  spool(id: EntryId, sizeBytes: number): Spool {
    const { disk, mode, layout } = this.#settings;
    const folder = shardFolder(layout, id.hash);
    return new Spool({ disk, folder, suffix: suffixOf(id.key), mode, folderMode: folderMode(mode) }, sizeBytes);
  }

  /** Publishes an entry in place of whatever was there, if `isWanted` still. Errors of the disk. */
  commit(id: EntryId, info: ObjectInfo, spooled: Spooled, details: CommitDetails): Promise<EntryRecord | undefined> {
    return this.#turns.take(id.hash, async () =>
      details.isWanted() ? this.#commit(id, info, spooled, details) : undefined,
    );
  }

  async #commit(
    id: EntryId,
    info: ObjectInfo,
    spooled: Spooled,
    { verified, complete }: CommitDetails,
  ): Promise<EntryRecord> {
    const before = await this.find(id.hash);
    const name = dataName(id.hash, info.etag, id.key);
    const path = join(shardFolder(this.#settings.layout, id.hash), name);
    this.inUse.revive(path);
    const file = await this.#replacing(path, () => spooled.publish(path));
    const nowMs = this.#settings.now();
    const record: EntryRecord = {
      entry: id.hash,
      uri: id.uri,
      info: { ...info, key: id.key },
      verified,
      complete,
      expired: false,
      fetchedMs: nowMs,
      checkedMs: nowMs,
      dataName: name,
      ...spooled.digest,
      file: fingerprint(file),
      witness: await this.#settings.witness(),
    };
    await this.#writeRecord(record);
    this.#tidy(shardFolder(this.#settings.layout, id.hash));
    if (typeof before === "object" && before.record.dataName !== name) await this.#removeData(before.record);
    return record;
  }

  /** The copy of what was just committed, without reading small bytes again. To be released. */
  async adopt(record: EntryRecord, bytes: Uint8Array<ArrayBuffer> | undefined): Promise<LocalCopy | undefined> {
    if (bytes !== undefined) {
      const path = this.reader.dataPath(record);
      return new LocalCopy(record, path, true, { bytes }, this.inUse.pin(path));
    }
    const copy = await this.open(record.entry);
    return typeof copy === "string" ? undefined : copy;
  }

  /** Writes what has been learnt about a version, unless the entry is another version by now. Never throws. */
  amend(record: EntryRecord, changes: Partial<EntryRecord>): Promise<void> {
    return this.#turns.take(record.entry, async () => {
      const now = await this.find(record.entry);
      if (typeof now === "string" || !isSame(now.record, record)) return;
      await this.#quietly(() => this.#writeRecord({ ...now.record, ...changes }));
    });
  }

  /** All of a copy was read and found right: its file is trusted from here on, until the machine starts anew. */
  async confirm(copy: LocalCopy): Promise<void> {
    if (copy.file === undefined || copy.trusted) return;
    await this.amend(copy.record, { file: fingerprint(copy.file), witness: await this.#settings.witness() });
  }

  /** Takes an entry away, unless it is another version by now. Whoever uses it keeps it. Never throws. */
  drop(record: EntryRecord): Promise<void> {
    return this.#turns.take(record.entry, async () => {
      const now = await this.find(record.entry);
      if (typeof now === "string" || isSame(now.record, record)) await this.#drop(record);
    });
  }

  /** Takes away whatever the entry is now, if `isWanted` still. Never throws. */
  forget(entry: string, isWanted: () => boolean = () => true): Promise<void> {
    return this.#turns.take(entry, async () => {
      const now = isWanted() ? await this.find(entry) : "none";
      if (typeof now === "object") await this.#drop(now.record);
    });
  }

  async #drop(record: EntryRecord): Promise<void> {
    await this.#remove(this.reader.recordPath(record.entry));
    await this.#removeData(record);
  }

  /** Takes away files that belong to nothing and were not touched for `ageMs`. Never throws. */
  async removeStray(path: string, ageMs: number): Promise<void> {
    if (this.inUse.has(path)) return;
    const stat = await this.#settings.disk.stat(path).catch(() => undefined);
    if (stat === undefined || this.#settings.now() - Math.max(stat.modifiedMs, stat.changedMs) < ageMs) return;
    await this.#remove(path);
  }

  warn(error: unknown): void {
    this.#settings.warn(error);
  }

  /** Runs on after the call that caused it; `settle` waits for it. */
  later(work: Promise<unknown>): void {
    const quiet = this.#quietly(() => work).finally(() => this.#background.delete(quiet));
    this.#background.add(quiet);
  }

  async settle(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background);
  }

  async #writeRecord(record: EntryRecord): Promise<void> {
    const { disk, mode, now } = this.#settings;
    const path = this.reader.recordPath(record.entry);
    const options = { mode, makeFolders: folderMode(mode) };
    const stat = await this.#replacing(path, () => disk.writeFile(path, formatRecord(record), options));
    // The record's own time is that of the last use, by the clock that will be asked for its age.
    if (Math.abs(stat.modifiedMs - now()) > usedEveryMs) await disk.touch(path, now());
  }

  /** A folder that somebody put where a file belongs gives way. */
  async #replacing<T>(path: string, publish: () => Promise<T>): Promise<T> {
    const inTheWay = await this.#settings.disk.stat(path);
    if (inTheWay !== undefined && inTheWay.kind !== "file") await this.#remove(path);
    return publish();
  }

  /** Only what is sure is remembered: that they are there and ours, or that they must not be believed. */
  async #folders(): Promise<"there" | "absent" | "unusable"> {
    const { disk, root, layout } = this.#settings;
    this.#trusted ??= checkFolders(disk, [root, join(root, "objects"), layout], this.#settings);
    try {
      if (await this.#trusted) return "there";
      this.#trusted = undefined;
      return "absent";
    } catch (error) {
      if (!isEntrepotError(error, "misconfigured")) this.#trusted = undefined;
      this.warn(error);
      return "unusable";
    }
  }

  /** Once per process and shard: nobody may ever call for a sweep. */
  #tidy(folder: string): void {
    if (this.#tidied.has(folder)) return;
    this.#tidied.add(folder);
    this.later(this.#settings.disk.removeStalePending(folder, pendingAgeMs));
  }

  #touch(entry: string): void {
    const { disk, now } = this.#settings;
    // A folder that we may only read keeps no used times.
    this.later(disk.touch(this.reader.recordPath(entry), now()).catch(() => undefined));
  }

  async #removeData(record: EntryRecord): Promise<void> {
    const path = this.reader.dataPath(record);
    if (!this.inUse.doom(path)) await this.#remove(path);
  }

  #remove(path: string): Promise<void> {
    const { disk } = this.#settings;
    return this.#quietly(async () => {
      const stat = await disk.stat(path);
      if (stat?.kind === "folder") await disk.removeTree(path);
      else if (stat !== undefined) await disk.removeFile(path);
    });
  }

  async #quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.warn(error);
    }
  }
}

/** Of one download, whatever was learnt about it since. */
function isSame(a: EntryRecord, b: EntryRecord): boolean {
  return a.info.etag === b.info.etag && a.sha256 === b.sha256 && a.fetchedMs === b.fetchedMs;
}
