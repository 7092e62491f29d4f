/**
 * One process at a time brings an object into the folder, as far as that can be had cheaply. It is never needed for the right
 * bytes: whatever goes wrong with a lock, the caller goes on without. Nobody takes another one's lock away to have it:
 * beside that of a dead holder the next is made, by exactly one.
 */
import { randomBytes } from "node:crypto";
import { formatHolder, type Holder, thisHolder } from "../holder.ts";
import type { Witness } from "../record.ts";
import { HeldLock } from "./held-lock.ts";
import { type FoundLock, LockFiles, type LockFilesOptions, maxGenerations } from "./lock-files.ts";
import type { Ticks } from "./ticks.ts";
import { beatMs, type Verdict, Vigil } from "./vigil.ts";

/** Between two looks at a lock, milliseconds. */
const firstPauseMs = 5;
const longestPauseMs = 100;
/** After that nobody can be working under a lock that cannot be judged, milliseconds. */
const abandonedMs = 86_400_000;

export interface LocksOptions extends LockFilesOptions {
  readonly witness: () => Promise<Witness>;
  readonly ticks: Ticks;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** False: everybody goes without. Default true. */
  readonly locks?: boolean | undefined;
}

/** The lock; or somebody let go of it, so that it is worth looking what was brought; or it cannot be had. */
export type Taken = HeldLock | "freed" | "without";

/** What becomes of a lock that is there. */
type Judgement = Exclude<Verdict, "busy"> | "freed";

export class Locks {
  readonly #options: LocksOptions;
  readonly #files: LockFiles;
  readonly #held = new Set<HeldLock>();
  #own: Promise<Holder> | undefined;
  #endBeats: (() => void) | undefined;

  constructor(options: LocksOptions) {
    this.#options = options;
    this.#files = new LockFiles(options);
  }

  /** Waits while another process is at it. `mode` is that of files. Rejects with `signal.reason` only. */
  async take(entry: string, mode: number, signal: AbortSignal): Promise<Taken> {
    if (this.#options.locks === false) return "without";
    try {
      return await this.#take(entry, mode, (path, found) => this.#untilOver(entry, path, found, mode, signal));
    } catch {
      signal.throwIfAborted();
      return "without";
    }
  }

  /** Takes away what dead processes left. Errors of the disk. */
  async sweep(mode: number): Promise<void> {
    for (const [entry, isLocked] of await this.#files.entries()) {
      if (isLocked) {
        // As everybody would: have it, then let go of it with all below.
        const taken = await this.#take(entry, mode, (_, found) => this.#isLeft(found));
        if (!(taken instanceof HeldLock)) continue;
        await taken.release();
      }
      await this.#files.endWait(entry);
    }
  }

  async #take(
    entry: string,
    mode: number,
    judge: (path: string, found: FoundLock) => Promise<Judgement>,
  ): Promise<Taken> {
    const files = this.#files;
    const text = formatHolder(await this.#holder(), randomBytes(4).toString("hex"));
    let below: string | undefined;
    for (let generation = 0; generation < maxGenerations; generation += 1) {
      const path = files.path(entry, generation);
      if (await files.make(path, text, mode)) {
        if (below === undefined) return this.#hold(entry, generation, text);
        const isNext = await files.is(files.path(entry, generation - 1), below).catch(() => undefined);
        if (isNext === true) return this.#hold(entry, generation, text);
        // It was all let go of meanwhile, and somebody may have begun anew.
        await files.removeOwn(path, text);
        return isNext === undefined ? "without" : "freed";
      }
      const found = await files.look(path, mode);
      if (found === undefined) return "freed";
      if (found === "foreign") return "without";
      const judgement = await judge(path, found);
      if (judgement !== "dead") return judgement === "freed" ? "freed" : "without";
      below = found.text;
    }
    return "without";
  }

  async #untilOver(
    entry: string,
    path: string,
    first: FoundLock,
    mode: number,
    signal: AbortSignal,
  ): Promise<Judgement> {
    const { disk, ticks, now } = this.#options;
    const vigil = new Vigil({ disk, own: await this.#holder(), ticks, now }, first);
    let found: FoundLock | "foreign" | undefined = first;
    let markedMs: number | undefined;
    try {
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
        if (found === undefined || found === "foreign" || !vigil.isOf(found)) return "freed";
        const verdict = await vigil.judge(found);
        if (verdict !== "busy") return verdict;
        if (markedMs === undefined || ticks.now() - markedMs >= beatMs) {
          markedMs = ticks.now();
          await this.#files.beginWait(entry);
        }
        await ticks.sleep(pauseMs, signal);
        found = await this.#files.look(path, mode);
      }
    } finally {
      if (markedMs !== undefined) await this.#files.endWait(entry);
    }
  }

  /** At a glance: of another machine's lock nothing is known before it is very old. */
  async #isLeft(found: FoundLock): Promise<Judgement> {
    const { disk, ticks, now } = this.#options;
    const verdict = await new Vigil({ disk, own: await this.#holder(), ticks, now }, found).judge(found);
    if (verdict === "busy" && now() - found.stat.modifiedMs > abandonedMs) return "dead";
    return verdict === "dead" ? "dead" : "silent";
  }

  #hold(entry: string, generation: number, text: string): HeldLock {
    const { disk, ticks, now } = this.#options;
    const onRelease = (released: HeldLock) => {
      this.#held.delete(released);
      if (this.#held.size > 0) return;
      this.#endBeats?.();
      this.#endBeats = undefined;
    };
    const lock = new HeldLock({ disk, files: this.#files, ticks, now, entry, generation, text, onRelease });
    this.#held.add(lock);
    this.#endBeats ??= ticks.every(beatMs, () => {
      for (const held of this.#held) void held.beat();
    });
    return lock;
  }

  #holder(): Promise<Holder> {
    this.#own ??= this.#options.witness().then((witness) => thisHolder(this.#options.disk, witness));
    return this.#own;
  }
}
