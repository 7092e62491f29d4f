/** A lock that this process holds: it is touched while its holder gets on, and goes with what dead holders left below it. */
import type { Disk } from "../../disk/index.ts";
import type { LockFiles } from "./lock-files.ts";
import type { Ticks } from "./ticks.ts";
import { beatMs } from "./vigil.ts";

/** While nothing moves for so long the lock is not touched, so that others stop waiting. Milliseconds. */
const patienceMs = 10_000;
const waitableMs = 20;

/** What is done under the lock. */
export interface Load {
  /** Anything that changes while the work gets on. */
  progress(): number;
  /** Whether it waits for somebody who reads more slowly than the bytes come. */
  isHeldUp(): boolean;
  /** Somebody in another process waits for the end. */
  onWaiter(): void;
}

export interface HeldLockOptions {
  readonly disk: Disk;
  readonly files: LockFiles;
  readonly ticks: Ticks;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly entry: string;
  readonly generation: number;
  readonly text: string;
  readonly onRelease: (lock: HeldLock) => void;
}

export class HeldLock {
  readonly path: string;
  readonly #options: HeldLockOptions;
  readonly #sinceMs: number;
  #load: Load | undefined;
  #progress = 0;
  #movedMs: number;
  #released: Promise<void> | undefined;

  constructor(options: HeldLockOptions) {
    const { files, ticks, entry, generation } = options;
    this.#options = options;
    this.path = files.path(entry, generation);
    this.#sinceMs = ticks.now();
    this.#movedMs = this.#sinceMs;
  }

  /** Says what is done from here on. */
  attend(load: Load): void {
    this.#load = load;
    this.#progress = load.progress();
  }

  /** Never fails; a second call only waits for the first. */
  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  /** Shows that this process is at it. Never fails. */
  async beat(): Promise<void> {
    const { disk, files, ticks, now, entry, text } = this.#options;
    const progress = this.#load?.progress() ?? 0;
    if (progress !== this.#progress) this.#movedMs = ticks.now();
    this.#progress = progress;
    try {
      const isHeldUp = this.#load?.isHeldUp() === true;
      if (isHeldUp && (await files.isAwaited(entry))) this.#load?.onWaiter();
      if (ticks.now() - this.#movedMs >= patienceMs) return;
      if (await files.is(this.path, text)) await disk.touch(this.path, now());
    } catch {
      // Whoever waits does not hear of us then, and stops waiting.
    }
  }

  async #release(): Promise<void> {
    const { files, ticks, entry, generation, text, onRelease } = this.#options;
    onRelease(this);
    // Whoever was not heard of for long may have been taken for dead, and the name be another one's by now.
    const heldMs = ticks.now() - this.#sinceMs;
    if (heldMs >= beatMs && !(await files.is(this.path, text).catch(() => true))) return;
    // Its own last: until then nobody begins below.
    for (let below = 0; below < generation; below += 1) await files.remove(files.path(entry, below));
    await files.removeOwn(this.path, text);
    // Nobody can have died waiting for what was over at once.
    if (heldMs >= waitableMs && (await files.isAwaited(entry).catch(() => false))) await files.endWait(entry);
  }
}
