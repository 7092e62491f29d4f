/** Finds what was kept under a key and still holds: no older than asked, and of objects that are what they were. */
import type { ReadGuard } from "../../../depot/index.ts";
import { durationMs } from "../../../depot/index.ts";
import { type Entry, folderOfKey, parseEntry, parseEntryName } from "./entry.ts";
import { type Askers, outdatedReads } from "./outdated.ts";
import type { Shelf } from "./shelf.ts";

export interface Question {
  readonly key: string;
  readonly maxAge: string | 0 | undefined;
  /** Absent for what was made from nothing that was read. */
  readonly askers: Askers | undefined;
  /** A lock in force: what was read is what it names, whatever is there now. */
  readonly guard: ReadGuard | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Found {
  readonly entry: Entry | undefined;
  /** Why entries of this very key were not taken. */
  readonly refused: readonly string[];
}

/** So many results of one key are held against the world: objects that go back and forth. */
const mostTried = 8;

export async function lookUp(shelf: Shelf, now: number, question: Question): Promise<Found> {
  const { key, maxAge, askers, guard, signal } = question;
  const { folder, prefix } = folderOfKey(key);
  const names = await shelf.names(folder, prefix, signal);
  const candidates = names
    .flatMap(({ name, usedMs }) => {
      const parsed = parseEntryName(name);
      return parsed === undefined ? [] : [{ name, usedMs, keptMs: parsed.keptMs }];
    })
    .sort((a, b) => b.keptMs - a.keptMs)
    .slice(0, mostTried);
  const refused: string[] = [];
  for (const { name, usedMs, keptMs } of candidates) {
    // by a clock that goes before this one, it has no age that anybody knows
    if (maxAge !== undefined && Math.abs(now - keptMs) > durationMs(maxAge as never)) {
      refused.push(
        now < keptMs
          ? `it was kept by a clock that is ${ago(keptMs - now)} ahead`
          : `it was kept ${ago(now - keptMs)} ago, longer than ${maxAge === 0 ? "0" : maxAge}`,
      );
      continue;
    }
    const bytes = await shelf.read(folder + name, signal);
    const entry = bytes === undefined ? undefined : parseEntry(bytes);
    if (entry === undefined) {
      await shelf.remove(folder + name).catch(() => false);
      refused.push("what was kept is damaged");
      continue;
    }
    const judged = entry.reads.map((read) => ({ read, is: guard?.judge(read) ?? "own" }));
    const others = judged.filter(({ is }) => is === "other");
    if (others.length > 0) {
      refused.push(...others.slice(0, 3).map(({ read }) => `${read.uri}: it is not what the lock says`));
      continue;
    }
    const open = judged.filter(({ is }) => is === "own").map(({ read }) => read);
    const changed = askers === undefined ? [] : await outdatedReads(open, askers, signal);
    if (changed.length === 0) {
      await shelf.use(folder + name, usedMs);
      return { entry, refused: [] };
    }
    refused.push(...changed.slice(0, 3).map(({ read, why }) => `${read.uri}: ${why}`));
  }
  return { entry: undefined, refused };
}

export function ago(ms: number): string {
  const units = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "m"],
    [1_000, "s"],
  ] as const;
  for (const [unit, name] of units) if (ms >= unit) return `${Math.floor(ms / unit)}${name}`;
  return `${Math.max(0, Math.round(ms))}ms`;
}
