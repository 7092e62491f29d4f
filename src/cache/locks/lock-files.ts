/**
 * Locks as they lie in the folder: for an entry `<hash>.0`, `<hash>.1` … are links whose text is the holder, each made when
 * the holder of the one before is dead. `<hash>.w` says that somebody waits.
 */
import { join } from "node:path";
import type { Disk, FileStat } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { leftLocks } from "../this-process.ts";
import { folderMode, isOurs } from "../trust.ts";

/** So many holders of one lock do not die one after the other. */
export const maxGenerations = 64;

const mostLeft = 1_000;

const lockName = /^([0-9a-f]{64})\.(\d{1,2}|w)$/;

export interface LockFilesOptions {
  readonly disk: Disk;
  readonly layout: string;
  /** The user whose files are believed; `undefined` where users have no numbers. */
  readonly uid: number | undefined;
}

/** A lock that lies there. */
export interface FoundLock {
  readonly text: string;
  readonly stat: FileStat;
}

/** Everything here throws the errors of the disk. */
export class LockFiles {
  readonly folder: string;
  readonly #options: LockFilesOptions;
  readonly #checked = new Set<number>();

  constructor(options: LockFilesOptions) {
    this.#options = options;
    this.folder = join(options.layout, "locks");
  }

  path(entry: string, generation: number): string {
    return join(this.folder, `${entry}.${generation}`);
  }

  /** Whether it is ours now; false when somebody else's lies there. `mode` is that of files. */
  async make(path: string, text: string, mode: number): Promise<boolean> {
    const { disk } = this.#options;
    if (!(await this.#isUsable(mode))) throw new TypeError(`${this.folder} is no folder of ours`);
    try {
      await disk.makeLink(path, text);
      return true;
    } catch (error) {
      if (isEntrepotError(error, "not-found")) return this.#makeWithFolder(path, text, mode);
      if (!isEntrepotError(error, "already-exists")) {
        // An error may come after the link has got its name.
        if (await this.is(path, text).catch(() => false)) await this.removeOwn(path, text);
        throw error;
      }
    }
    // A network file system may repeat a request whose answer was lost, and then report our own link.
    return (await disk.readLink(path)) === text;
  }

  /** `undefined` when nothing lies there, `"foreign"` for what somebody made whom we do not believe. */
  async look(path: string, mode: number): Promise<FoundLock | "foreign" | undefined> {
    const { disk, uid } = this.#options;
    const stat = await disk.stat(path);
    if (stat === undefined) return undefined;
    if (!isOurs(stat, { uid, mode })) return "foreign";
    const text = await disk.readLink(path);
    if (text !== undefined) return { text, stat };
    // It went meanwhile, and another one may have come; or it is no link, and none of ours.
    return (await disk.stat(path))?.changedNs === stat.changedNs ? "foreign" : undefined;
  }

  async is(path: string, text: string): Promise<boolean> {
    return (await this.#options.disk.readLink(path)) === text;
  }

  /** Whether it is gone; never throws. What stays is taken away by a sweep when its holder is dead. */
  async remove(path: string): Promise<boolean> {
    const remove = async (): Promise<boolean> => {
      await this.#options.disk.removeLink(path);
      return true;
    };
    return remove()
      .catch(remove)
      .catch(() => false);
  }

  /** The same, of a lock that this process made. One that stays stops nobody here; others find that nothing is heard of it. */
  async removeOwn(path: string, text: string): Promise<void> {
    if (await this.remove(path)) return;
    // On a disk that takes nothing away any more there is one for each read: old ones count as silent by then.
    if (leftLocks.size >= mostLeft) leftLocks.clear();
    leftLocks.add(text);
  }

  /** Tells whoever holds the lock that somebody waits. Never throws. */
  async beginWait(entry: string): Promise<void> {
    await this.#options.disk.makeLink(this.#mark(entry), "waits").catch(() => undefined);
  }

  async endWait(entry: string): Promise<void> {
    await this.remove(this.#mark(entry));
  }

  async isAwaited(entry: string): Promise<boolean> {
    return (await this.#options.disk.stat(this.#mark(entry))) !== undefined;
  }

  /** All entries of which something lies here, and whether that is a lock. */
  async entries(): Promise<ReadonlyMap<string, boolean>> {
    const entries = new Map<string, boolean>();
    for (const { name } of (await this.#options.disk.readFolder(this.folder)) ?? []) {
      const [, entry, generation] = lockName.exec(name) ?? [];
      if (entry !== undefined) entries.set(entry, entries.get(entry) === true || generation !== "w");
    }
    return entries;
  }

  async #makeWithFolder(path: string, text: string, mode: number): Promise<boolean> {
    const { disk } = this.#options;
    await disk.makeFolder(this.folder, folderMode(mode));
    try {
      await disk.makeLink(path, text);
      return true;
    } catch (error) {
      if (isEntrepotError(error, "already-exists")) return false;
      throw error;
    }
  }

  async #isUsable(mode: number): Promise<boolean> {
    if (this.#checked.has(mode)) return true;
    const { disk, uid } = this.#options;
    const stat = await disk.stat(this.folder);
    if (stat === undefined) await disk.makeFolder(this.folder, folderMode(mode));
    else if (stat.kind !== "folder" || !isOurs(stat, { uid, mode })) return false;
    this.#checked.add(mode);
    return true;
  }

  #mark(entry: string): string {
    return join(this.folder, `${entry}.w`);
  }
}
