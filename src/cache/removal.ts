/**
 * Takes files of the cache away, and never one that somebody uses: in this process the last user takes it away, elsewhere
 * a sweep does.
 */
import { basename, dirname, join } from "node:path";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { CacheFolder } from "./cache-folder.ts";
import type { EntryReader } from "./entry-reader.ts";
import { readName } from "./layout.ts";
import { inUse, turns } from "./this-process.ts";
import { isShared } from "./trust.ts";

export interface RemovalPremises {
  readonly folder: CacheFolder;
  readonly reader: EntryReader;
  readonly mode: number;
  readonly warn: (error: unknown) => void;
}

/** Why something was not taken away. */
type Unremoved = EntrepotError | "absent";

/** Nothing here throws: what could not be taken away is a warning, or said by `unlist`, and goes with a later sweep. */
export class Removal {
  readonly #premises: RemovalPremises;

  constructor(premises: RemovalPremises) {
    this.#premises = premises;
  }

  /** Data whose record is gone already, as soon as nobody uses it. */
  async removeData(path: string): Promise<void> {
    const { folder } = this.#premises;
    if (inUse.doom(path, () => folder.later(this.#bury(path)))) return;
    await this.#quietly(async () => {
      if (!(await folder.leases.held()).has(basename(path))) await this.remove(path);
    });
  }

  /**
   * The name by which something of an entry is found, unless `isKept`, which is asked last; gives what keeps it there, if something
   * does, and `"absent"` when it was gone before: what is counted goes once.
   */
  unlist(entry: string, name: string, isKept: () => Promise<boolean>): Promise<Unremoved | "kept" | undefined> {
    const record = this.#premises.reader.recordPath(entry);
    return turns.take(record, async () => ((await isKept()) ? "kept" : this.#removeOrWhy(join(dirname(record), name))));
  }

  /** The same as `removeData` for many, with one look at who holds what. */
  async removeAllData(paths: readonly string[]): Promise<void> {
    const { folder } = this.#premises;
    const left = paths.filter((path) => !inUse.doom(path, () => folder.later(this.#bury(path))));
    await this.#quietly(async () => {
      const held = await folder.leases.held();
      for (const path of left) if (!held.has(basename(path))) await this.removeQuickly(path);
    });
  }

  /** A file as a rule; what else lies there goes, too. False when it is still there, or was gone before: what is counted goes once. */
  async removeQuickly(path: string): Promise<boolean> {
    const problem = await this.#removeOrWhy(path);
    if (problem !== undefined && problem !== "absent") this.#premises.warn(problem);
    return problem === undefined;
  }

  /** A file that nobody uses and that was not touched for `ageMs`. */
  async removeStray(path: string, ageMs: number): Promise<void> {
    const { disk, now, accounts } = this.#premises.folder;
    const stat = await disk.stat(path).catch(() => undefined);
    // A time to come is that of a clock that was wrong.
    if (stat === undefined || Math.abs(now() - Math.max(stat.modifiedMs, stat.changedMs)) < ageMs) return;
    if (!(await this.removeQuickly(path))) return;
    await accounts.note(basename(path), { objects: 0, sizeBytes: -stat.sizeBytes });
  }

  /** Whatever lies there, used or not. */
  remove(path: string): Promise<void> {
    return this.#quietly(() => this.#removeWhatever(path));
  }

  async #removeOrWhy(path: string): Promise<Unremoved | undefined> {
    try {
      const other = async () => {
        await this.#removeWhatever(path);
        return true;
      };
      return (await this.#premises.folder.disk.removeFile(path).catch(other)) ? undefined : "absent";
    } catch (error) {
      return isEntrepotError(error) ? error : new EntrepotError("io", `Cannot remove ${path}`, { cause: error });
    }
  }

  async #removeWhatever(path: string): Promise<void> {
    const { folder, mode } = this.#premises;
    const { disk } = folder;
    const stat = await disk.stat(path);
    if (stat?.kind === "folder") {
      const aside = await disk.setAside(path);
      // Others could put links into it while it is being removed.
      if (aside !== undefined && !isShared(mode)) await disk.removeTree(aside).catch(() => false);
    } else if (stat !== undefined) await disk.removeFile(path);
  }

  /** The last user has left, and the same version may have come back meanwhile. */
  #bury(path: string): Promise<void> {
    const { reader } = this.#premises;
    const entry = readName(basename(path))?.entry ?? "";
    return turns.take(reader.recordPath(entry), async () => {
      const now = await reader.find(entry);
      if (typeof now === "string" || reader.dataPath(now.record) !== path) await this.removeData(path);
    });
  }

  async #quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#premises.warn(error);
    }
  }
}
