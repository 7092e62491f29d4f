/**
 * The outbox of one user in one cache folder: what is queued, what became of it, and what stood against it. Whatever is written here
 * is flushed to the disk before the call ends; what somebody else may have planted is seen, but neither read nor sent.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Disk, FileStat, ReadableFile } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { turns } from "../this-process.ts";
import { checkFolders, folderMode, isEntryFile, type Ownership } from "../trust.ts";
import {
  type Conflict,
  formatQueued,
  parseChange,
  parseConflict,
  parseReceipt,
  type QueuedChange,
  type Receipt,
} from "./entry.ts";
import { type NameKind, type OutboxName, objectPart, outboxStem, readOutboxName } from "./names.ts";

/** In which cache folder, and as whom. */
export interface OutboxPlace {
  readonly disk: Disk;
  /** The cache root, absolute. */
  readonly root: string;
  /** `undefined` where users have no numbers. */
  readonly uid: number | undefined;
  readonly groups: readonly number[];
  readonly sudoUid?: number | undefined;
  /** The permission bits of the cache's files: who may have an outbox beside ours. */
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const privateMode = 0o600;
const privateFolder = 0o700;
const maxRecordBytes = 16 * 2 ** 20;
const readme = "Changes that wait to be sent; each user's are in a folder of their own. See: entrepot offline outbox\n";

export class OutboxFolder {
  readonly path: string;
  readonly disk: Disk;
  readonly now: () => number;
  readonly #place: OutboxPlace;
  readonly #parent: string;
  #isKnown = false;

  constructor(place: OutboxPlace) {
    this.#place = place;
    this.disk = place.disk;
    this.now = place.now;
    this.#parent = join(place.root, "outbox");
    this.path = join(this.#parent, String(place.uid ?? "user"));
  }

  /** All names that the outbox gives, in order; none where there is no outbox. Error: misconfigured where another could plant one. */
  async names(): Promise<readonly OutboxName[]> {
    if (!(await this.#isThere())) return [];
    const names = ((await this.disk.readFolder(this.path)) ?? []).map(({ name }) => readOutboxName(name));
    return names.filter((name) => name !== undefined).sort((a, b) => (a.stem < b.stem ? -1 : a.stem > b.stem ? 1 : 0));
  }

  /** Runs when all others of this process that look and then change have ended. */
  turn<T>(work: () => Promise<T>): Promise<T> {
    return turns.take(this.path, work);
  }

  /** Makes what is missing of it, so that a power loss leaves it. Errors of the disk; misconfigured as `names`. */
  async prepare(): Promise<void> {
    if (await this.#isThere()) return;
    const { root, mode } = this.#place;
    await this.disk.makeFolder(root, folderMode(mode));
    const shared = { mode: mode | 0o600, makeFolders: folderMode(mode), durable: true };
    if ((await this.disk.stat(this.#parent)) === undefined)
      await this.disk.writeFile(join(this.#parent, "README"), Buffer.from(readme), shared);
    await this.disk.makeFolder(this.path, privateFolder);
    await this.#isThere();
  }

  /** A name that nobody had before, behind all that are there. */
  nextStem(names: readonly OutboxName[], entry: string): { readonly stem: string; readonly id: string } {
    const last = names.reduce((most, { sequence }) => Math.max(most, sequence), 0);
    return outboxStem(last + 1, randomBytes(4).toString("hex"), entry);
  }

  pathOf(stem: string, kind: NameKind): string {
    return join(this.path, `${stem}.${kind}`);
  }

  /** `"gone"`: there is none any more. */
  async change({ stem, id, object }: OutboxName): Promise<QueuedChange | "damaged" | "gone"> {
    const bytes = await this.#read(this.pathOf(stem, "json"));
    if (typeof bytes === "string") return bytes;
    const change = parseChange(bytes, id);
    return change === undefined || objectPart(change.entry) !== object ? "damaged" : change;
  }

  async receipt({ stem, id }: Pick<OutboxName, "stem" | "id">): Promise<Receipt | undefined> {
    const bytes = await this.#read(this.pathOf(stem, "done"));
    return typeof bytes === "string" ? undefined : parseReceipt(bytes, id);
  }

  async conflict({ stem, id }: Pick<OutboxName, "stem" | "id">): Promise<Conflict | undefined> {
    const bytes = await this.#read(this.pathOf(stem, "conflict"));
    return typeof bytes === "string" ? undefined : parseConflict(bytes, id);
  }

  /** Under a name of `nextStem`. Errors of the disk. */
  async add(stem: string, change: QueuedChange): Promise<void> {
    // A name that cannot be guessed needs no link to be the first: one that dies between link and unlink would leave two names.
    const options = { mode: privateMode, makeFolders: privateFolder, durable: true };
    await this.disk.writeFile(this.pathOf(stem, "json"), formatQueued(change), options);
  }

  /** From here on it is not queued, whatever is left of it. Errors of the disk. */
  async finish(stem: string, receipt: Receipt): Promise<void> {
    await this.disk.writeFile(this.pathOf(stem, "done"), formatQueued(receipt), { mode: privateMode, durable: true });
    await this.sweep(stem);
  }

  /** Takes away what is left of one that has its receipt: the record first, since without it the bytes are nothing. */
  async sweep(stem: string): Promise<void> {
    for (const kind of ["json", "data", "conflict"] as const) await this.disk.removeFile(this.pathOf(stem, kind));
  }

  async noteConflict(stem: string, conflict: Conflict): Promise<void> {
    await this.disk.writeFile(this.pathOf(stem, "conflict"), formatQueued(conflict), { mode: privateMode });
  }

  async forgetConflict(stem: string): Promise<void> {
    await this.disk.removeFile(this.pathOf(stem, "conflict"));
  }

  /** The bytes of a write, if they are a file of ours. To be closed. */
  async openData(stem: string): Promise<ReadableFile | "damaged" | "gone"> {
    return this.#guarded(async () => {
      const file = await this.disk.openRead(this.pathOf(stem, "data"));
      if (this.#isOurs(file.stat)) return file;
      await file.close();
      return "damaged";
    });
  }

  async #read(path: string): Promise<Uint8Array | "damaged" | "gone"> {
    return this.#guarded(async () => {
      const { bytes, stat } = await this.disk.readFile(path, { maxBytes: maxRecordBytes });
      return this.#isOurs(stat) ? bytes : "damaged";
    });
  }

  async #guarded<T>(work: () => Promise<T | "damaged">): Promise<T | "damaged" | "gone"> {
    try {
      return await work();
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      // That there are too many open files says nothing of this one.
      if (error.code === "busy") throw error;
      return error.code === "not-found" ? "gone" : "damaged";
    }
  }

  #isOurs(stat: FileStat): boolean {
    return isEntryFile(stat, this.#private);
  }

  get #private(): Ownership {
    const { uid, groups } = this.#place;
    return { uid, groups, mode: privateMode };
  }

  async #isThere(): Promise<boolean> {
    if (this.#isKnown) return true;
    const { root } = this.#place;
    const isShared = await checkFolders(this.disk, [root, this.#parent], this.#place);
    this.#isKnown = isShared && (await checkFolders(this.disk, [this.path], this.#private));
    return this.#isKnown;
  }
}
