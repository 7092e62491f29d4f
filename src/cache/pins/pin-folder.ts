/**
 * The pins of one cache folder: which there are, what they say, and what this machine changed on the server since they were listed.
 * A pin that cannot be read is none.
 */
import { join } from "node:path";
import { type FileStat, isPendingName } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { compareKeys } from "../../uri/index.ts";
import type { CacheFolder } from "../cache-folder.ts";
import { recordName, shardFolder } from "../layout.ts";
import { type Fingerprint, fingerprint, sameFingerprint } from "../record.ts";
import { turns } from "../this-process.ts";
import { folderMode, isEntryFile, type Ownership } from "../trust.ts";
import { PinFile } from "./pin-file.ts";
import { type Pin, type PinMember, pinJson } from "./pin-format.ts";
import { isMarked, layMark, liftMark, pinFiles } from "./pin-marks.ts";
import { PinWriter } from "./pin-writer.ts";

export interface PinFolderSettings {
  readonly folder: CacheFolder;
  readonly mode: number;
  readonly warn: (error: unknown) => void;
}

/** What became of a key since the listing, by our own hands; `member` is `undefined` when it was removed. */
export interface Change {
  readonly key: string;
  readonly member: PinMember | undefined;
}

/** The file of a change, and its state when it was seen. */
export interface Note {
  readonly name: string;
  readonly state: Fingerprint;
}

/** More changes than this are not kept: the pin then no longer says what there is. */
export const maxChanges = 1_000;
/** A file that is being written for so long belongs to a dead process, milliseconds. */
const pendingAgeMs = 3_600_000;
const pinName = /^([0-9a-f]{16})\.pin$/;
const changeName = /^([0-9a-f]{16})~([0-9a-f]{16}|overtaken)$/;

export class PinFolder {
  readonly path: string;
  readonly #settings: PinFolderSettings;
  readonly #ownership: Ownership;
  readonly #known = new Map<string, { readonly state: Fingerprint; readonly pin: Pin }>();

  constructor(settings: PinFolderSettings) {
    const { layout, who } = settings.folder;
    this.path = join(layout, "pins");
    this.#settings = settings;
    this.#ownership = { ...who, mode: settings.mode };
  }

  /** All that can be read, by address. One that is overtaken by changes is not complete. */
  async all(): Promise<Pin[]> {
    const names = await this.#names();
    const pins: Pin[] = [];
    for (const name of names) {
      const id = pinName.exec(name)?.[1];
      const pin = id === undefined ? undefined : await this.#look(id);
      if (pin === undefined) continue;
      pins.push(names.includes(nameOfOvertaken(pin.id)) ? { ...pin, complete: false } : pin);
    }
    return pins.sort((a, b) => compareKeys(a.uri, b.uri));
  }

  /** Of all, readable or not. Errors of the disk: that there is none must not be said when it cannot be seen. */
  async ids(): Promise<string[]> {
    return (await this.#read()).flatMap((name) => pinName.exec(name)?.[1] ?? []);
  }

  /** What is wrong with a pin, of which all is read: integrity, or an error of the disk. `undefined` also for one that is gone. */
  async problemOf(id: string, signal: AbortSignal | undefined): Promise<EntrepotError | undefined> {
    try {
      const file = await this.#open(id);
      try {
        for await (const _ of file.members()) signal?.throwIfAborted();
      } finally {
        await file.close();
      }
      return undefined;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isEntrepotError(error)) throw error;
      return error.code === "not-found" ? undefined : error;
    }
  }

  /** `undefined` when it is gone, or damaged, which is a warning. To be closed. */
  async open(id: string): Promise<PinFile | undefined> {
    try {
      return await this.#open(id);
    } catch (error) {
      if (!isEntrepotError(error, "not-found")) this.#settings.warn(error);
      return undefined;
    }
  }

  pathOf(id: string): string {
    return join(this.path, `${id}.pin`);
  }

  /** A new pin file, and the way to read it before it is published. Errors of the disk. */
  async write(): Promise<{ readonly writer: PinWriter; readonly read: () => Promise<PinFile> }> {
    const { folder, mode } = this.#settings;
    const makeFolders = folderMode(mode);
    await folder.disk.removeStalePending(this.path, pendingAgeMs);
    const writer = new PinWriter(await folder.disk.createPending(this.path, { mode, makeFolders }));
    return { writer, read: () => PinFile.open(folder.disk, writer.path, this.#ownership) };
  }

  async remove(id: string): Promise<void> {
    const { disk } = this.#settings.folder;
    await disk.removeFile(this.pathOf(id));
    for (const name of await this.changeNames(id)) await disk.removeFile(join(this.path, name));
  }

  /** In the entry's turn: who takes it away in this process has either seen the mark, or has done so. Errors of the disk. */
  async layMark(entry: string, id: string): Promise<void> {
    const { folder, mode } = this.#settings;
    const record = join(shardFolder(folder.layout, entry), recordName(entry));
    await turns.take(record, () => layMark(folder, entry, id, mode));
  }

  /** Never throws; what could not be marked is a warning. */
  async tryMark(entry: string, id: string): Promise<void> {
    await this.layMark(entry, id).catch(this.#settings.warn);
  }

  /** Never throws. */
  async liftMark(entry: string, id: string): Promise<void> {
    await liftMark(this.#settings.folder, entry, id).catch(this.#settings.warn);
  }

  /** Whether a pin wants it; true also when that cannot be seen. */
  async isMarked(entry: string): Promise<boolean> {
    return isMarked(this.#settings.folder, entry).catch(() => true);
  }

  /** Whether a key was among what was pinned. */
  async holds(id: string, key: string): Promise<boolean> {
    const file = await this.open(id);
    try {
      return (await file?.find(key)) !== undefined;
    } catch (error) {
      this.#settings.warn(error);
      return false;
    } finally {
      await file?.close();
    }
  }

  /** The names of the changes that are noted for a pin. */
  async changeNames(id: string): Promise<string[]> {
    return (await this.#names()).filter((name) => changeName.exec(name)?.[1] === id);
  }

  /** All that is noted for a pin now, so that what is noted later can be told from it. */
  async notes(id: string): Promise<Note[]> {
    const notes: Note[] = [];
    for (const name of await this.changeNames(id)) {
      const state = await this.#stateOf(name);
      if (state !== undefined) notes.push({ name, state });
    }
    return notes;
  }

  /** Whether so much changed that the pin no longer says what there is. */
  async isOvertaken(id: string): Promise<boolean> {
    return (await this.#stateOf(nameOfOvertaken(id))) !== undefined;
  }

  /** In key order. */
  async changes(id: string): Promise<Change[]> {
    const changes: Change[] = [];
    for (const name of await this.changeNames(id)) {
      const change = name.endsWith("~overtaken") ? undefined : await this.#change(name);
      if (change !== undefined) changes.push(change);
    }
    return changes.sort((a, b) => compareKeys(a.key, b.key));
  }

  async change(id: string, entry: string): Promise<Change | undefined> {
    return this.#change(nameOfChange(id, entry));
  }

  /** A key changed of which a pin keeps no note. A listing that is under way may lack it. Never throws. */
  async noteUnkept(id: string): Promise<void> {
    if (await this.isOvertaken(id)) await this.#overtake(id).catch(this.#settings.warn);
  }

  /** Never throws; what cannot be noted is a warning. */
  async note(id: string, entry: string, change: Change): Promise<void> {
    const { folder, mode, warn } = this.#settings;
    const options = { mode, makeFolders: folderMode(mode) };
    try {
      const names = await this.changeNames(id);
      const isKept = names.length < maxChanges || names.includes(nameOfChange(id, entry));
      // Written anew: a listing that is under way, and may lack this change, must not take it for one from before.
      if (!isKept || names.includes(nameOfOvertaken(id))) await this.#overtake(id);
      else await folder.disk.writeFile(join(this.path, nameOfChange(id, entry)), pinJson.format(change), options);
    } catch (error) {
      warn(error);
    }
  }

  /** Takes away what a newer listing makes needless, but for what was noted again; gives what went, in key order. */
  async forget(notes: readonly Note[]): Promise<Change[]> {
    const { disk } = this.#settings.folder;
    const gone: Change[] = [];
    for (const { name, state } of notes) {
      const change = name.endsWith("~overtaken") ? undefined : await this.#change(name);
      const now = await this.#stateOf(name);
      if (now === undefined || !sameFingerprint(now, state)) continue;
      await disk.removeFile(join(this.path, name));
      if (change !== undefined) gone.push(change);
    }
    return gone.sort((a, b) => compareKeys(a.key, b.key));
  }

  async #overtake(id: string): Promise<void> {
    const { folder, mode } = this.#settings;
    const options = { mode, makeFolders: folderMode(mode) };
    await folder.disk.writeFile(join(this.path, nameOfOvertaken(id)), new Uint8Array(0), options);
  }

  async #stateOf(name: string): Promise<Fingerprint | undefined> {
    const stat = await this.#settings.folder.disk.stat(join(this.path, name)).catch(() => undefined);
    return stat && fingerprint(stat);
  }

  async #change(name: string): Promise<Change | undefined> {
    const { disk } = this.#settings.folder;
    try {
      const { bytes, stat } = await disk.readFile(join(this.path, name), { maxBytes: 1 << 20 });
      return isEntryFile(stat, this.#ownership) ? (pinJson.parse(bytes) as Change | undefined) : undefined;
    } catch (error) {
      if (!isEntrepotError(error, "not-found")) this.#settings.warn(error);
      return undefined;
    }
  }

  async #open(id: string): Promise<PinFile> {
    const file = await PinFile.open(this.#settings.folder.disk, this.pathOf(id), this.#ownership);
    if (file.pin.id === id) return file;
    await file.close();
    throw new EntrepotError("integrity", `${this.pathOf(id)} is another pin than its name says`);
  }

  async #names(): Promise<string[]> {
    return this.#read().catch((error) => {
      this.#settings.warn(error);
      return [];
    });
  }

  async #read(): Promise<string[]> {
    const { folder, mode } = this.#settings;
    if (!(await folder.isThere(mode))) return [];
    const entries = await pinFiles(folder.disk, this.path);
    return entries.filter(({ name, kind }) => kind === "file" && !isPendingName(name)).map(({ name }) => name);
  }

  /** Opened only when the file is another one than last time. */
  async #look(id: string): Promise<Pin | undefined> {
    const stat: FileStat | undefined = await this.#settings.folder.disk.stat(this.pathOf(id)).catch(() => undefined);
    if (stat === undefined) return undefined;
    const state = fingerprint(stat);
    const known = this.#known.get(id);
    if (known !== undefined && sameFingerprint(known.state, state)) return known.pin;
    const file = await this.open(id);
    if (file === undefined) return undefined;
    await file.close();
    this.#known.set(id, { state, pin: file.pin });
    return file.pin;
  }
}

function nameOfChange(id: string, entry: string): string {
  return `${id}~${entry.slice(0, 16)}`;
}

function nameOfOvertaken(id: string): string {
  return `${id}~overtaken`;
}
