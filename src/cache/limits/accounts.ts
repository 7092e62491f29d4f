/**
 * How much the whole cache holds, without walking it: one small file for each shard in `usage/`, kept by all processes
 * together. Only an estimate, and only an optimisation: a line that is lost makes it wrong until the shard is walked again.
 */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { shards } from "../scan.ts";
import { folderMode, isEntryFile } from "../trust.ts";
import { minus, nothing, plus, type Usage } from "../usage.ts";
import { formatBase, formatChange, lineBytes, parseChanges, parseUsage } from "./usage-file.ts";

/** What was found longer ago is found again: lines may have been lost. Milliseconds. */
const walkEveryMs = 86_400_000;
/** A walk that found what was known says so once in a while only, milliseconds. */
const sayEveryMs = 3_600_000;
/** A longer file is written anew by whoever adds to it: it is read as a whole. */
const compactBytes = 512 * lineBytes;
const maxFileBytes = 1 << 20;

export interface AccountsOptions {
  readonly disk: Disk;
  readonly layout: string;
  readonly uid: number | undefined;
  readonly now: () => number;
}

/** What one shard holds by its file; `bytes` as they were read. */
export interface Account {
  readonly bytes: Uint8Array;
  readonly usage: Usage;
  readonly walkedMs: number;
}

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #folder: string;
  #read: { readonly usage: Usage; readonly readMs: number } | undefined;
  /** What this process added and took away since the files were read. */
  #since: Usage = nothing;
  /** What it added since it began, without what it took away. */
  #added: Usage = nothing;

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#folder = join(options.layout, "usage");
  }

  /** All shards together as last read, with what this process did since; `undefined` before that. */
  get estimate(): Usage | undefined {
    return this.#read && plus(this.#read.usage, this.#since);
  }

  /** When the files were last read. */
  get readMs(): number | undefined {
    return this.#read?.readMs;
  }

  /** What came through this process in all. */
  get added(): Usage {
    return this.#added;
  }

  /** Notes that so much came to (or went from) an entry's shard. Never throws, and writes nothing where nobody counts. */
  async note(entry: string, change: Usage): Promise<void> {
    this.#since = plus(this.#since, change);
    if (change.sizeBytes > 0 || change.objects > 0) this.#added = plus(this.#added, change);
    const { disk } = this.#options;
    const path = this.#path(entry.slice(0, 2));
    try {
      const sizeBytes = await disk.append(path, formatChange(change));
      if (sizeBytes !== undefined && sizeBytes >= compactBytes) await this.#compact(entry.slice(0, 2));
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
    }
  }

  /** Reads all files; gives the folders of the shards that should be walked. */
  async readAll(): Promise<{ readonly unknown: readonly string[] }> {
    const { disk, layout, now } = this.#options;
    this.#since = nothing;
    const unknown: string[] = [];
    let usage = nothing;
    for (const shard of await shards(disk, layout)) {
      const account = await this.read(shard);
      if (account === undefined || Math.abs(now() - account.walkedMs) > walkEveryMs) unknown.push(shard);
      if (account !== undefined) usage = plus(usage, account.usage);
    }
    this.#read = { usage, readMs: now() };
    return { unknown };
  }

  /** What is known of a shard; `undefined` when nothing is. */
  async read(shard: string): Promise<Account | undefined> {
    const { disk, uid } = this.#options;
    try {
      const { bytes, stat } = await disk.readFile(this.#path(shard.slice(-2)), { maxBytes: maxFileBytes });
      // In a folder for a group anybody of it may write the files; the folder's own mode is what keeps others out.
      const parsed = isEntryFile(stat, { uid, mode: stat.mode }) ? parseUsage(bytes) : undefined;
      return parsed && { bytes, ...parsed };
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      return undefined;
    }
  }

  /**
   * Begins a shard's file anew with what a walk found. `before` is the account when the walk began: what others noted since
   * stays. Never throws.
   */
  async begin(shard: string, usage: Usage, before: Account | undefined, mode: number): Promise<void> {
    const now = await this.read(shard);
    if (now !== undefined && this.#isKnown(usage, before, now)) return;
    const tail = before === undefined || now === undefined ? undefined : tailOf(before.bytes, now.bytes);
    await this.#write(shard.slice(-2), [formatBase(usage, this.#options.now()), tail ?? new Uint8Array(0)], mode);
    if (this.#read === undefined) return;
    const knew = now?.usage ?? nothing;
    const knows = tail === undefined ? usage : plus(usage, parseChanges(tail) ?? nothing);
    this.#read = { ...this.#read, usage: plus(this.#read.usage, minus(knows, knew)) };
  }

  /** Whether a walk found just what the file says, which is short and young. */
  #isKnown(usage: Usage, before: Account | undefined, now: Account): boolean {
    const isSame = before !== undefined && isNone(minus(before.usage, usage));
    const isYoung = Math.abs(this.#options.now() - now.walkedMs) < sayEveryMs;
    return isSame && isYoung && now.bytes.byteLength < compactBytes;
  }

  /** Whether anybody counts here. */
  async areKept(): Promise<boolean> {
    return (await this.#options.disk.stat(this.#folder).catch(() => undefined))?.kind === "folder";
  }

  async #compact(name: string): Promise<void> {
    const account = await this.read(name);
    const stat = await this.#options.disk.stat(this.#path(name));
    if (account === undefined || stat === undefined) return;
    await this.#write(name, [formatBase(account.usage, account.walkedMs)], stat.mode);
  }

  async #write(name: string, parts: readonly Uint8Array[], mode: number): Promise<void> {
    // What somebody put in the folder's place is not written to.
    const stat = await this.#options.disk.stat(this.#folder);
    if (stat !== undefined && stat.kind !== "folder") return;
    try {
      const options = { mode, makeFolders: folderMode(mode) };
      await this.#options.disk.writeFile(this.#path(name), Buffer.concat(parts), options);
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
    }
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

/** What was added to a file since, `undefined` when it is another file by now. */
function tailOf(before: Uint8Array, now: Uint8Array): Uint8Array | undefined {
  const begins =
    now.byteLength >= before.byteLength && Buffer.compare(now.subarray(0, before.byteLength), before) === 0;
  return begins ? now.subarray(before.byteLength) : undefined;
}

function isNone({ objects, sizeBytes }: Usage): boolean {
  return objects === 0 && sizeBytes === 0;
}
