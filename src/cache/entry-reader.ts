/**
 * Reads the files of entries and says what they are worth: right, not there, damaged, or not readable now. It changes
 * nothing.
 */
import { hash } from "node:crypto";
import { join } from "node:path";
import type { Disk, FileStat } from "../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { smallBytes } from "./blocks.ts";
import { recordName, shardFolder } from "./layout.ts";
import { type CopyContent, LocalCopy } from "./local-copy.ts";
import { type EntryRecord, fingerprint, parseRecord, sameFingerprint, type Witness } from "./record.ts";
import { inUse } from "./this-process.ts";
import { isEntryFile } from "./trust.ts";

/** A record that was found, and when it was last used. */
export interface Found {
  readonly record: EntryRecord;
  readonly usedMs: number;
}

/** What was looked for, or why not: not there, there but wrong, there and not readable now. */
export type Looked<T> = T | "none" | "damaged" | "unreadable";

export interface ReaderSettings {
  readonly disk: Disk;
  readonly layout: string;
  readonly mode: number;
  readonly uid: number | undefined;
  readonly witness: () => Promise<Witness>;
  readonly warn: (error: unknown) => void;
}

export class EntryReader {
  readonly #settings: ReaderSettings;

  constructor(settings: ReaderSettings) {
    this.#settings = settings;
  }

  recordPath(entry: string): string {
    return join(shardFolder(this.#settings.layout, entry), recordName(entry));
  }

  dataPath(record: EntryRecord): string {
    return join(shardFolder(this.#settings.layout, record.entry), record.dataName);
  }

  async find(entry: string): Promise<Looked<Found>> {
    const { disk, warn } = this.#settings;
    try {
      const { bytes, stat } = await disk.readFile(this.recordPath(entry));
      const record = isEntryFile(stat, this.#settings) ? parseRecord(bytes, entry) : undefined;
      return record === undefined ? "damaged" : { record, usedMs: stat.modifiedMs };
    } catch (error) {
      if (isEntrepotError(error, "not-found")) return "none";
      if (isDamage(error)) return "damaged";
      warn(error);
      return "unreadable";
    }
  }

  /** Whether the data file is there and long enough; its bytes are not read. */
  async hasData(record: EntryRecord): Promise<Looked<true>> {
    try {
      const stat = await this.#settings.disk.stat(this.dataPath(record));
      const isWhole =
        stat !== undefined && isEntryFile(stat, this.#settings) && stat.sizeBytes === record.info.sizeBytes;
      return isWhole ? true : "damaged";
    } catch (error) {
      this.#settings.warn(error);
      return "unreadable";
    }
  }

  /** The open copy of a record's data; small ones are read and checked here. To be released. */
  async open(record: EntryRecord): Promise<Looked<LocalCopy>> {
    const path = this.dataPath(record);
    const unpin = inUse.pin(path);
    try {
      const { content, stat } = await this.#openData(path, record);
      const trusted = sameFingerprint(fingerprint(stat), record.file) && (await this.#isWitnessed(record));
      return new LocalCopy(record, path, trusted, content, unpin);
    } catch (error) {
      unpin();
      if (isDamage(error)) return "damaged";
      this.#settings.warn(error);
      return "unreadable";
    }
  }

  async #openData(path: string, record: EntryRecord): Promise<{ content: CopyContent; stat: FileStat }> {
    const { disk } = this.#settings;
    const { sizeBytes } = record.info;
    if (sizeBytes <= smallBytes) {
      const { bytes, stat } = await disk.readFile(path, { maxBytes: sizeBytes });
      if (!isEntryFile(stat, this.#settings) || hash("sha256", bytes) !== record.sha256) throw damage(path);
      return { content: { bytes }, stat };
    }
    const file = await disk.openRead(path);
    if (isEntryFile(file.stat, this.#settings) && file.stat.sizeBytes === sizeBytes) {
      return { content: { file }, stat: file.stat };
    }
    await file.close();
    throw damage(path);
  }

  async #isWitnessed({ witness }: EntryRecord): Promise<boolean> {
    const { bootId, host } = await this.#settings.witness();
    return witness.bootId === bootId && witness.host === host;
  }
}

function damage(path: string): EntrepotError {
  return new EntrepotError("integrity", `${path} is not the file that was stored`);
}

/** What reading a file says of the file, not of the machine: gone, a link, a pipe, too long, cut while it was read. */
function isDamage(error: unknown): boolean {
  return isEntrepotError(error, "integrity", "not-found", "unsafe-key", "unsupported", "limit-exceeded", "changed");
}
