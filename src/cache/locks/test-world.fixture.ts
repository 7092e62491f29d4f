/** Several processes as far as locks can tell: each has its own name, all have one folder and one clock that is moved by hand. */
import { readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { HeldLock } from "./held-lock.ts";
import { Locks, type LocksOptions, type Taken } from "./locks.ts";
import type { Ticks } from "./ticks.ts";

export const entry = "ab".repeat(32);
export const never: AbortSignal = new AbortController().signal;

/** Time by hand: sleepers and beats come in the order of their time. */
export class HandTicks implements Ticks {
  ms = 0;
  readonly #due: { atMs: number; run: () => void; everyMs?: number }[] = [];
  #watchers: (() => void)[] = [];

  now(): number {
    return this.ms;
  }

  sharedNs(): bigint {
    return BigInt(Math.round(this.ms * 1e6));
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      const run = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      this.#due.push({ atMs: this.ms + ms, run });
      for (const watcher of this.#watchers.splice(0)) watcher();
    });
  }

  every(ms: number, run: () => void): () => void {
    const beat = { atMs: this.ms + ms, run, everyMs: ms };
    this.#due.push(beat);
    return () => void this.#due.splice(this.#due.indexOf(beat), 1);
  }

  /** When somebody begins to sleep. */
  asleep(): Promise<void> {
    return new Promise((resolve) => void this.#watchers.push(resolve));
  }

  /** Lets time pass, and all that becomes due run to its end. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.ms + ms;
    for (;;) {
      const next = this.#due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.ms = Math.max(this.ms, next.atMs);
      if (next.everyMs === undefined) this.#due.splice(this.#due.indexOf(next), 1);
      else next.atMs += next.everyMs;
      next.run();
      await settled();
    }
    this.ms = untilMs;
  }
}

/** The disk's own turns are over. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

export async function openWorld() {
  const layout = await mkdtemp(join(tmpdir(), "entrepot-locks-"));
  onTestFinished(() => rm(layout, { recursive: true, force: true }));
  const ticks = new HandTicks();
  const beganMs = Date.now();
  const now = () => beganMs + ticks.ms;
  const on = (host: string, options: Partial<LocksOptions> = {}) =>
    new Locks({
      disk: openNodeDisk(),
      layout,
      uid: process.getuid?.(),
      witness: async () => ({ host, bootId: "boot" }),
      ticks,
      now,
      ...options,
    });
  const folder = join(layout, "locks");
  const names = async () => (await readdir(folder)).map((name) => name.slice(entry.length)).sort();
  const plant = (name: string, text: string) => symlink(text, join(folder, `${entry}${name}`));
  return { layout, folder, ticks, now, on, names, plant };
}

export function held(taken: Taken): HeldLock {
  if (!(taken instanceof HeldLock)) throw new Error(`got ${taken}`);
  return taken;
}

/** As after a kill: the same lock, of a process that is gone. Gives its text. */
export function bury({ path }: HeldLock): string {
  const text = readlinkSync(path).replace(`-${process.pid}-`, "-999999998-");
  unlinkSync(path);
  symlinkSync(text, path);
  return text;
}

export async function leftByTheDead(locks: Locks): Promise<string> {
  return bury(held(await locks.take(entry, 0o600, never)));
}
