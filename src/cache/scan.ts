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
  for (const folder of await shards(disk, layout)) {
    const entries = new Map<string, Names>();
    for (const { name } of (await disk.readFolder(folder)) ?? []) {
      const read = readName(name);
      if (read === undefined) continue;
      const names = entries.get(read.entry) ?? { record: [], data: [], range: [], pin: [] };
      names[read.kind].push(name);
      entries.set(read.entry, names);
    }
    for (const [entry, { record, data, range, pin }] of entries) {
      yield { entry, folder, hasRecord: record.length > 0, dataNames: data, rangeNames: range, pinNames: pin };
    }
  }
}

type Names = Readonly<Record<ShardName["kind"], string[]>>;

/** What an entry takes on the disk and when it was last used, without reading it. */
export interface Weighed extends Scanned {
  readonly sizeBytes: number;
  readonly usedMs: number;
}

export async function* weigh(disk: Disk, layout: string): AsyncGenerator<Weighed, void, undefined> {
  for await (const scanned of scan(disk, layout)) {
    const record = scanned.hasRecord ? await statOf(disk, scanned, recordName(scanned.entry)) : undefined;
    let sizeBytes = 0;
    let usedMs = record?.modifiedMs ?? 0;
    for (const name of scanned.dataNames) {
      const stat = await statOf(disk, scanned, name);
      sizeBytes += stat?.sizeBytes ?? 0;
      if (record === undefined) usedMs = Math.max(usedMs, stat?.modifiedMs ?? 0);
    }
    yield { ...scanned, sizeBytes, usedMs };
  }
}

/** Gone in the meantime is no failure. */
function statOf(disk: Disk, { folder }: Scanned, name: string): Promise<FileStat | undefined> {
  return disk.stat(join(folder, name));
}
