/**
 * The entries: find, publish, replace, drop. Commit = rename the data, then rename the record; what is damaged is taken
 * away. It knows nothing of servers and freshness.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { isEntrepotError } from "../error/index.ts";
import type { ObjectInfo, ReadResult } from "../store/index.ts";
import type { CacheFolder } from "./cache-folder.ts";
import { EntryReader, type Found, type Looked } from "./entry-reader.ts";
import { dataName, type EntryId, shardFolder, suffixOf } from "./layout.ts";
import type { Leases } from "./leases.ts";
import { LocalCopy } from "./local-copy.ts";
import type { Answered, Locks, Taken } from "./locks/index.ts";
import { Pieces } from "./ranges/pieces.ts";
import { type EntryRecord, fingerprint, formatRecord, isSameDownload } from "./record.ts";
import { Removal } from "./removal.ts";
import { Spool, type Spooled } from "./spool.ts";
import { inUse, turns } from "./this-process.ts";
import { folderMode } from "./trust.ts";

/** How one view looks at the folder. */
export interface ShelfSettings {
  readonly folder: CacheFolder;
  readonly mode: number;
  readonly warn: (error: unknown) => void;
}

/** What a commit adds to the bytes. */
export interface CommitDetails {
  readonly verified: ReadResult["verified"];
  readonly complete: boolean;
  readonly answered?: Answered | undefined;
  /** Asked when nobody else is changing the entry any more. */
  readonly isWanted: () => boolean;
}

/** A pending file that nobody has written to for so long belongs to a dead process, milliseconds. */
const pendingAgeMs = 3_600_000;
/** Used times are kept to the minute. */
const usedEveryMs = 60_000;
/** A use that is so far ahead was never one, milliseconds. */
const wrongMs = 7 * 86_400_000;

export class Shelf {
  /** Looks without taking anything away. */
  readonly reader: EntryReader;
  readonly leases: Leases;
  readonly removal: Removal;
  readonly locks: Locks;
  /** Of versions that are not here whole. */
  readonly pieces: Pieces;
  readonly #folder: CacheFolder;
  readonly #mode: number;
  readonly #warn: (error: unknown) => void;

  constructor({ folder, mode, warn }: ShelfSettings) {
    const { disk, layout, uid, witness, leases, locks } = folder;
    this.#folder = folder;
    this.#mode = mode;
    this.#warn = warn;
    this.leases = leases;
    this.locks = locks;
    this.reader = new EntryReader({ disk, layout, mode, uid, witness, warn });
    this.removal = new Removal({ folder, reader: this.reader, mode, warn });
    this.pieces = new Pieces({ folder, mode, warn, removal: this.removal, isUsable: (entry) => this.isUsable(entry) });
  }

  /** Whether the folder may be used at all, and that of an entry if one is given; known before the first byte is written to it. */
  async isUsable(entry?: string): Promise<boolean> {
    return (await this.#folders(entry)) !== "unusable";
  }

  /** The record of an entry; a damaged one is taken away. */
  async find(entry: string): Promise<Looked<Found>> {
    const folders = await this.#folders(entry);
    if (folders !== "there") return folders === "absent" ? "none" : "unreadable";
    const found = await this.reader.find(entry);
    if (found === "damaged") await this.removal.remove(this.reader.recordPath(entry));
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
    else if (copy !== "unreadable" && isUseToBeNoted(found.usedMs, this.#folder.now())) this.#touch(entry);
    return copy;
  }

  /** The right to bring an entry here, among all processes; see `Locks`. Rejects with `signal.reason` only. */
  lock(entry: string, signal: AbortSignal): Promise<Taken> {
    return this.locks.take(entry, this.#mode, signal);
  }

  sweepLocks(): Promise<void> {
    return this.locks.sweep(this.#mode);
  }

  /** Takes the bytes of one version, to be committed; `undefined` is a size that nobody knows yet. */
  spool(id: EntryId, sizeBytes: number | undefined): Spool {
    const { disk, layout } = this.#folder;
    const mode = this.#mode;
    const folder = shardFolder(layout, id.hash);
    return new Spool({ disk, folder, suffix: suffixOf(id.key), mode, folderMode: folderMode(mode) }, sizeBytes);
  }

  /** Publishes an entry in place of whatever was there, if `isWanted` still. Errors of the disk. */
  commit(id: EntryId, info: ObjectInfo, spooled: Spooled, details: CommitDetails): Promise<EntryRecord | undefined> {
    return this.#turn(id.hash, async () => (details.isWanted() ? this.#commit(id, info, spooled, details) : undefined));
  }

  async #commit(
    id: EntryId,
    info: ObjectInfo,
    spooled: Spooled,
    { verified, complete, answered }: CommitDetails,
  ): Promise<EntryRecord> {
    const before = await this.find(id.hash);
    await this.#folder.makeSure(this.#mode);
    // A name of its own each time: whoever is about to take an old file away must not meet the same version, come back and held.
    const name = dataName(id.hash, `${info.etag} ${randomBytes(8).toString("hex")}`, id.key);
    const path = join(shardFolder(this.#folder.layout, id.hash), name);
    const file = await this.#replacing(path, () => spooled.publish(path));
    const nowMs = this.#folder.now();
    const record: EntryRecord = {
      entry: id.hash,
      uri: id.uri,
      info: { ...info, key: id.key },
      verified,
      complete,
      expired: false,
      fetchedMs: nowMs,
      checkedMs: nowMs,
      ...(answered === undefined ? {} : { answered }),
      dataName: name,
      ...spooled.digest,
      file: fingerprint(file),
      witness: await this.#folder.witness(),
    };
    await this.#writeRecord(record);
    const replaced = typeof before === "object" ? before.record.info.sizeBytes : undefined;
    const objects = replaced === undefined ? 1 : 0;
    await this.#folder.accounts.note(id.hash, { objects, sizeBytes: info.sizeBytes - (replaced ?? 0) });
    this.#tidy(shardFolder(this.#folder.layout, id.hash));
    if (typeof before === "object" && before.record.dataName !== name)
      await this.removal.removeData(this.reader.dataPath(before.record));
    // Of what we wrote ourselves no older byte may come back, whoever kept it.
    await (complete ? this.pieces.forgetKnown(id.hash) : this.pieces.forget(id.hash));
    return record;
  }

  /** The copy of what was just committed, without reading small bytes again. To be released. */
  async adopt(record: EntryRecord, bytes: Uint8Array<ArrayBuffer> | undefined): Promise<LocalCopy | undefined> {
    if (bytes !== undefined) {
      const path = this.reader.dataPath(record);
      return new LocalCopy(record, path, true, { bytes }, inUse.pin(path));
    }
    const copy = await this.open(record.entry);
    return typeof copy === "string" ? undefined : copy;
  }

  /** Writes what has been learnt about a version, unless the entry is another version by now. Never throws. */
  amend(record: EntryRecord, changes: Partial<EntryRecord>): Promise<void> {
    return this.#turn(record.entry, async () => {
      const now = await this.find(record.entry);
      if (typeof now === "string" || !isSameDownload(now.record, record)) return;
      await this.#quietly(() => this.#writeRecord({ ...now.record, ...changes }));
    });
  }

  /** All of a copy was read and found right: its file is trusted from here on, until the machine starts anew. */
  async confirm(copy: LocalCopy): Promise<void> {
    if (copy.file === undefined || copy.trusted) return;
    await this.amend(copy.record, { file: fingerprint(copy.file), witness: await this.#folder.witness() });
  }

  /** Takes an entry away, unless it is another version by now. Whoever uses it keeps it. Never throws. */
  drop(record: EntryRecord): Promise<void> {
    return this.#turn(record.entry, async () => {
      const now = await this.find(record.entry);
      if (typeof now === "string" || isSameDownload(now.record, record)) await this.#drop(record);
    });
  }

  /** Takes away whatever the entry is now, if `isWanted` still. Never throws. */
  forget(entry: string, isWanted: () => boolean = () => true): Promise<void> {
    return this.#turn(entry, async () => {
      if (!isWanted()) return;
      const now = await this.find(entry);
      if (typeof now === "object") await this.#drop(now.record);
      await this.pieces.forget(entry);
    });
  }

  async #drop(record: EntryRecord): Promise<void> {
    const isGone = await this.removal.removeQuickly(this.reader.recordPath(record.entry));
    await this.removal.removeData(this.reader.dataPath(record));
    // Otherwise another took it away, and noted that.
    if (isGone) await this.#folder.accounts.note(record.entry, { objects: -1, sizeBytes: -record.info.sizeBytes });
  }

  /**
   * Keeps a copy's file from being taken away, by whatever process, and gives the function that ends it; that one never fails.
   * `undefined` when the entry is another one by now, or none.
   */
  async hold(record: EntryRecord): Promise<(() => Promise<void>) | undefined> {
    const path = this.reader.dataPath(record);
    const unpin = inUse.pin(path);
    const endLease = await this.leases.takeIfPossible(record.dataName, this.#mode, this.#warn);
    const release = async () => {
      await endLease();
      unpin();
      // Another process that replaced it meanwhile had to leave it here.
      const left = await this.reader.find(record.entry);
      const isOver = left === "none" || (typeof left === "object" && left.record.dataName !== record.dataName);
      if (isOver) await this.removal.removeData(path);
    };
    // Whoever takes an entry away removes the record first and then looks who holds the data. So if the record is there now,
    // that somebody will see the lease.
    const now = await this.find(record.entry);
    if (now === "unreadable" || (typeof now === "object" && now.record.dataName === record.dataName)) return release;
    await release();
    return undefined;
  }

  warn(error: unknown): void {
    this.#warn(error);
  }

  /** Runs on after the call that caused it. */
  later(work: Promise<unknown>): void {
    this.#folder.later(this.#quietly(() => work));
  }

  /** After all that came before it for this entry, whichever shelf of this process it went to. */
  #turn<T>(entry: string, work: () => Promise<T>): Promise<T> {
    return turns.take(this.reader.recordPath(entry), work);
  }

  async #writeRecord(record: EntryRecord): Promise<void> {
    const { disk, now } = this.#folder;
    const path = this.reader.recordPath(record.entry);
    const options = { mode: this.#mode, makeFolders: folderMode(this.#mode) };
    const stat = await this.#replacing(path, () => disk.writeFile(path, formatRecord(record), options));
    // The record's own time is that of the last use, by the clock that will be asked for its age.
    if (Math.abs(stat.modifiedMs - now()) > usedEveryMs) await disk.touch(path, now());
  }

  /** A folder that somebody put where a file belongs gives way. */
  async #replacing<T>(path: string, publish: () => Promise<T>): Promise<T> {
    const inTheWay = await this.#folder.disk.stat(path);
    if (inTheWay !== undefined && inTheWay.kind !== "file") await this.removal.remove(path);
    return publish();
  }

  async #folders(entry: string | undefined): Promise<"there" | "absent" | "unusable"> {
    try {
      return (await this.#folder.isThere(this.#mode, entry)) ? "there" : "absent";
    } catch (error) {
      this.warn(error);
      return "unusable";
    }
  }

  /** Once per process and shard: nobody may ever call for a sweep. */
  #tidy(folder: string): void {
    if (!this.#folder.isFirstVisit(folder)) return;
    this.later(this.#folder.disk.removeStalePending(folder, pendingAgeMs));
  }

  #touch(entry: string): void {
    const { disk, now } = this.#folder;
    // A folder that we may only read keeps no used times.
    this.later(disk.touch(this.reader.recordPath(entry), now()).catch(() => undefined));
  }

  /** A folder that may only be read gives what it has: that nothing can be added to it is no cause to warn. */
  async #quietly(work: () => Promise<unknown>): Promise<void> {
    await work().catch((error) => {
      if (!isEntrepotError(error, "forbidden", "read-only")) this.warn(error);
    });
  }
}

/** A time far in the future was written by a wrong clock: what bears it would never become old. */
function isUseToBeNoted(usedMs: number, nowMs: number): boolean {
  return nowMs - usedMs > usedEveryMs || usedMs - nowMs > wrongMs;
}
