/**
 * Takes generations away that nobody needs. What goes is first named in the pointer as condemned, by compare-and-swap: from then on
 * nobody can make it current, and a lease that was taken before is seen. Interrupted at any point, the next run goes on.
 */
import { durationMs } from "../units.ts";
import { type DatasetDesk, readPointer } from "./desk.ts";
import { isGeneration } from "./layout.ts";
import { readLeases } from "./leases.ts";
import { emptyPointer, formatPointer, type GenerationRecord, type Pointer, parsePointer } from "./pointer.ts";
import type { DatasetGcOptions, DatasetGcReport } from "./types.ts";

export async function gcOf(desk: DatasetDesk, options: DatasetGcOptions): Promise<DatasetGcReport> {
  const { keep = 3, olderThan = "7d", dryRun = false, signal } = options;
  const ageMs = durationMs(olderThan);
  // Clocks differ, and files have fractions of a millisecond: none means any age.
  const beforeMs = ageMs === 0 ? Number.POSITIVE_INFINITY : desk.now() - ageMs;
  const pointer = await readPointer(desk, { signal, cache: "bypass" });
  const { leased, ended } = await readLeases(desk, signal);
  const due = overdue(pointer, keep, beforeMs);
  const free = (names: readonly string[]) => names.filter((name) => !leased.has(name));
  const abandoned = free(await abandonedBy(desk, pointer, beforeMs, signal));
  const isHeld = (name: string) => leased.has(name);
  if (dryRun) {
    const removed = free(due);
    const sizes = await usageOf(desk, [...removed, ...abandoned], signal);
    return { dryRun, removed, abandoned, leased: due.filter(isHeld), ...sizes };
  }
  const condemned = await condemn(desk, free(due), abandoned, { keep, beforeMs, signal });
  // Who took a lease before it was condemned has written it by now; who comes later sees that it is condemned.
  const { leased: late } = await readLeases(desk, signal);
  const spared = condemned.records.filter(({ generation }) => late.has(generation));
  if (spared.length > 0) await restore(desk, spared, signal);
  const going = condemned.names.filter((name) => !late.has(name));
  const sizes = await removeAll(desk, going, signal);
  for (const uri of ended) await desk.data.remove(uri, { signal });
  if (going.length > 0) await forget(desk, going, signal);
  return {
    dryRun,
    removed: going.filter((name) => condemned.records.some(({ generation }) => generation === name)),
    abandoned: going.filter((name) => !condemned.records.some(({ generation }) => generation === name)),
    leased: [...due.filter(isHeld), ...spared.map(({ generation }) => generation)],
    ...sizes,
  };
}

/** Neither current nor among the newest, and not current since that time. */
function overdue({ current, generations }: Pointer, keep: number, beforeMs: number): readonly string[] {
  return generations
    .slice(keep)
    .filter(({ generation, supersededMs }) => generation !== current && (supersededMs ?? 0) <= beforeMs)
    .map(({ generation }) => generation);
}

/** What publishers left: folders that the pointer does not name, with nothing in them that is younger than that time. */
async function abandonedBy(
  { data, layout }: DatasetDesk,
  { generations, condemned }: Pointer,
  beforeMs: number,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const kept = new Set(generations.map(({ generation }) => generation));
  const left = new Set(condemned);
  for await (const { name } of data.list(layout.generations, { depth: 1, kind: "folder", signal }))
    if (isGeneration(name) && !kept.has(name)) left.add(name);
  const old: string[] = [];
  for (const name of left) {
    let youngestMs = Number.NEGATIVE_INFINITY;
    if (!condemned.includes(name)) {
      for await (const { modifiedMs } of data.list(layout.folderOf(name), { signal }))
        youngestMs = Math.max(youngestMs, modifiedMs);
    }
    if (youngestMs <= beforeMs) old.push(name);
  }
  return old;
}

interface Condemned {
  readonly names: readonly string[];
  /** Those that were published. */
  readonly records: readonly GenerationRecord[];
}

/** Names in the pointer what is going to be removed; what has become current or was published meanwhile is left out. */
async function condemn(
  desk: DatasetDesk,
  due: readonly string[],
  abandoned: readonly string[],
  { keep, beforeMs, signal }: { keep: number; beforeMs: number; signal: AbortSignal | undefined },
): Promise<Condemned> {
  if (due.length + abandoned.length === 0) return { names: [], records: [] };
  let result: Condemned = { names: [], records: [] };
  await change(desk, signal, (pointer) => {
    const still = new Set(overdue(pointer, keep, beforeMs));
    const records = pointer.generations.filter(({ generation }) => still.has(generation) && due.includes(generation));
    const kept = pointer.generations.filter((record) => !records.includes(record));
    const unnamed = abandoned.filter((name) => !kept.some(({ generation }) => generation === name));
    const names = [...new Set([...records.map(({ generation }) => generation), ...unnamed])];
    result = { names, records };
    return { ...pointer, generations: kept, condemned: [...new Set([...pointer.condemned, ...names])] };
  });
  return result;
}

async function restore(
  desk: DatasetDesk,
  spared: readonly GenerationRecord[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const names = new Set(spared.map(({ generation }) => generation));
  await change(desk, signal, (pointer) => ({
    ...pointer,
    generations: [...pointer.generations, ...spared].sort((left, right) => right.publishedMs - left.publishedMs),
    condemned: pointer.condemned.filter((name) => !names.has(name)),
  }));
}

async function forget(desk: DatasetDesk, gone: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  await change(desk, signal, (pointer) => ({
    ...pointer,
    condemned: pointer.condemned.filter((name) => !gone.includes(name)),
  }));
}

async function change(
  { data, layout }: DatasetDesk,
  signal: AbortSignal | undefined,
  next: (pointer: Pointer) => Pointer,
): Promise<void> {
  await data.update(
    layout.pointer,
    async (file) => {
      const pointer = file === undefined ? emptyPointer : parsePointer(await file.text(), layout.pointer);
      return formatPointer(next(pointer));
    },
    { signal, cacheControl: "no-cache" },
  );
}

async function removeAll({ data, layout }: DatasetDesk, names: readonly string[], signal: AbortSignal | undefined) {
  let objects = 0;
  let sizeBytes = 0;
  for (const name of names) {
    const { removed } = await data.remove(layout.folderOf(name), { recursive: true, signal });
    objects += removed.objects;
    sizeBytes += removed.sizeBytes;
  }
  return { objects, sizeBytes };
}

async function usageOf({ data, layout }: DatasetDesk, names: readonly string[], signal: AbortSignal | undefined) {
  let objects = 0;
  let sizeBytes = 0;
  for (const name of names) {
    const usage = await data.usage(layout.folderOf(name), { signal });
    objects += usage.objects;
    sizeBytes += usage.sizeBytes;
  }
  return { objects, sizeBytes };
}
