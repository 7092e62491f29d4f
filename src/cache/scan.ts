/** A walk over all files of the cache, shard by shard; never more than one shard in memory. */
import { join } from "node:path";
import type { Disk, FileStat } from "../disk/index.ts";
import { readName, recordName, type ShardName } from "./layout.ts";

/** What lies in one shard under one hash. */
export interface Scanned {
  readonly entry: string;
  readonly folder: string;
  /** Whether there is something under the record's name. */
  readonly hasRecord: boolean;
  readonly dataNames: readonly string[];
  /** Pieces of versions that are not here whole. */
  readonly rangeNames: readonly string[];
  /** The marks of those who want it kept. */
  readonly pinNames: readonly string[];
}

/** The folders of a layout, in order. */
export async function shards(disk: Disk, layout: string): Promise<string[]> {
  const names = (await disk.readFolder(layout)) ?? [];
  return names
    .filter(({ name, kind }) => kind === "folder" && /^[0-9a-f]{2}$/.test(name))
    .map(({ name }) => join(layout, name))
    .sort();
}

export async function* scan(disk: Disk, layout: string): AsyncGenerator<Scanned, void, undefined> {
  for (const folder of await shards(disk, layout)) yield* await scanShard(disk, folder);
}

/** What lies in one shard, in no particular order. */
export async function scanShard(disk: Disk, folder: string): Promise<Scanned[]> {
  const entries = new Map<string, Names>();
  for (const { name } of (await disk.readFolder(folder)) ?? []) {
    const read = readName(name);
    if (read === undefined) continue;
    let names = entries.get(read.entry);
    if (names === undefined) {
      names = { record: [], data: [], range: [], pin: [] };
      entries.set(read.entry, names);
    }
    names[read.kind].push(name);
  }
  return [...entries].map(([entry, { record, data, range, pin }]) => {
    return { entry, folder, hasRecord: record.length > 0, dataNames: data, rangeNames: range, pinNames: pin };
  });
}

type Names = Readonly<Record<ShardName["kind"], string[]>>;

/** A file of an entry that goes for itself. */
export interface Piece {
  readonly name: string;
  readonly sizeBytes: number;
  readonly usedMs: number;
}

/** What an entry takes on the disk and since when, without reading it. */
export interface Weighed extends Scanned {
  /** Of its data; pieces are not in it. */
  readonly sizeBytes: number;
  readonly usedMs: number;
  /** When its data came. */
  readonly fetchedMs: number;
  readonly pieces: readonly Piece[];
}

/** Gone in the meantime is no failure, and weighs nothing. Not `timed`, `usedMs` of an entry with a record is 0. */
export async function weigh(disk: Disk, scanned: Scanned, timed = true): Promise<Weighed> {
  const { entry, folder, hasRecord, dataNames, rangeNames } = scanned;
  const record = timed && hasRecord ? await disk.stat(join(folder, recordName(entry))) : undefined;
  let sizeBytes = 0;
  let fetchedMs = 0;
  for (const name of dataNames) {
    const stat = await disk.stat(join(folder, name));
    sizeBytes += stat?.sizeBytes ?? 0;
    fetchedMs = Math.max(fetchedMs, timeOf(stat));
  }
  return {
    ...scanned,
    sizeBytes,
    fetchedMs,
    usedMs: hasRecord ? timeOf(record) : fetchedMs,
    pieces: rangeNames.length === 0 ? none : await piecesOf(disk, folder, rangeNames),
  };
}

const none: readonly Piece[] = [];

async function piecesOf(disk: Disk, folder: string, names: readonly string[]): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for (const name of names) {
    const stat = await disk.stat(join(folder, name));
    if (stat !== undefined) pieces.push({ name, sizeBytes: stat.sizeBytes, usedMs: timeOf(stat) });
  }
  return pieces;
}

/** Nothing in this cache can be older than the first of January 2020. */
export const earliestMs = 1_577_836_800_000;

/** Of a file whose time is impossible, somebody lost it or a clock was wrong: the system's own is taken. */
function timeOf(stat: FileStat | undefined): number {
  if (stat === undefined) return 0;
  return stat.modifiedMs >= earliestMs ? stat.modifiedMs : stat.changedMs;
}
