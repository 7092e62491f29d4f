/**
 * One cache folder as it is opened: what its views share, whatever limits each of them has. What was checked once, and what runs
 * on after the calls.
 */
import { join } from "node:path";
import type { Disk } from "../disk/index.ts";
import { isEntrepotError } from "../error/index.ts";
import type { Changes } from "./changes.ts";
import { layoutFolder, shardFolder } from "./layout.ts";
import { Leases } from "./leases.ts";
import { Accounts } from "./limits/accounts.ts";
import { Answers, Locks, systemTicks, type Ticks } from "./locks/index.ts";
import { PieceNames } from "./ranges/piece-names.ts";
import type { Witness } from "./record.ts";
import { changes } from "./this-process.ts";
import { checkFolders, checkShard, folderMode, type Ownership, removePlanted } from "./trust.ts";
import { type WitnessOptions, witnessOf } from "./witness.ts";

/** For so long a process that wants to end goes on with walks that another could do, milliseconds. */
const patienceMs = 1_000;

export interface CacheFolderOptions extends WitnessOptions {
  /** Absolute, without `.` and `..`. */
  readonly root: string;
  /** The user whose files are believed; `undefined` where users have no numbers. */
  readonly uid: number | undefined;
  /** For tests. */
  readonly ticks?: Ticks | undefined;
  /** False where locks are not to be used: each process then fetches for itself. */
  readonly locks?: boolean | undefined;
  /** The groups of that user. */
  readonly groups: readonly number[];
  readonly sudoUid?: number | undefined;
}

export class CacheFolder {
  readonly disk: Disk;
  readonly root: string;
  readonly layout: string;
  readonly uid: number | undefined;
  /** Whose files are believed. */
  readonly who: Omit<Ownership, "mode">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly witness: () => Promise<Witness>;
  readonly changes: Changes;
  readonly ticks: Ticks;
  readonly leases: Leases;
  readonly accounts: Accounts;
  readonly locks: Locks;
  readonly answers: Answers;
  readonly pieceNames: PieceNames;
  readonly #trusted = new Map<number, Promise<boolean>>();
  readonly #visited = new Set<string>();
  #settlingSinceMs: number | undefined;
  readonly #background = new Set<Promise<unknown>>();

  constructor(options: CacheFolderOptions) {
    const { disk, root, uid, now, ticks = systemTicks } = options;
    this.disk = disk;
    this.root = root;
    this.layout = layoutFolder(root);
    this.uid = uid;
    this.who = { uid, groups: options.groups, sudoUid: options.sudoUid };
    this.now = now;
    this.witness = witnessOf(options);
    this.changes = changes.within(this.layout);
    this.ticks = ticks;
    this.leases = new Leases(this);
    this.accounts = new Accounts(this);
    this.locks = new Locks({ ...options, layout: this.layout, witness: this.witness, ticks });
    this.answers = new Answers(this);
    this.pieceNames = new PieceNames(this);
  }

  /**
   * Whether the folder exists, and that of an entry's files if one is given: what a member of our group planted in its place goes.
   * Only what is sure is remembered: that it is there and ours, or that it must not be believed by
   * those who give their files this mode (`misconfigured`).
   */
  async isThere(mode: number, entry?: string): Promise<boolean> {
    if (!(await this.#isThere(mode))) return false;
    return entry === undefined || checkShard(this.disk, shardFolder(this.layout, entry), this.#ownership(mode));
  }

  async #isThere(mode: number): Promise<boolean> {
    let trusted = this.#trusted.get(mode);
    if (trusted === undefined) {
      trusted = this.#check(mode);
      this.#trusted.set(mode, trusted);
    }
    let isSure = false;
    try {
      isSure = await trusted;
      return isSure;
    } catch (error) {
      isSure = isEntrepotError(error, "misconfigured");
      throw error;
    } finally {
      if (!isSure && this.#trusted.get(mode) === trusted) this.#trusted.delete(mode);
    }
  }

  /** Makes the folder, and looks whether it is ours: somebody may have been faster. `misconfigured`, and errors of the disk. */
  async makeSure(mode: number): Promise<void> {
    if (await this.isThere(mode)) return;
    await this.disk.makeFolder(this.layout, folderMode(mode));
    await this.isThere(mode);
  }

  async #check(mode: number): Promise<boolean> {
    const { disk, root, layout } = this;
    const isThere = await checkFolders(disk, [root, join(root, "objects"), layout], this.#ownership(mode));
    // Where nothing may be changed, each shard is looked at when it is used.
    if (isThere) await removePlanted(disk, layout).catch(() => undefined);
    return isThere;
  }

  #ownership(mode: number): Ownership {
    return { ...this.who, mode };
  }

  /** Whether nobody asked this of `folder` before. */
  isFirstVisit(folder: string): boolean {
    if (this.#visited.has(folder)) return false;
    this.#visited.add(folder);
    return true;
  }

  /** Runs on after the call that caused it; it must not fail. `settle` waits for it. */
  later(work: Promise<void>): void {
    const noted = work.finally(() => this.#background.delete(noted));
    this.#background.add(noted);
  }

  async settle(): Promise<void> {
    this.#settlingSinceMs = this.now();
    while (this.#background.size > 0) await Promise.all(this.#background);
    this.#settlingSinceMs = undefined;
  }

  /** Whether somebody has been waiting for so long that work which others can go on with should end. */
  isWaitedFor(): boolean {
    return this.#settlingSinceMs !== undefined && this.now() - this.#settlingSinceMs > patienceMs;
  }
}
