/** What is in the cache, whether it is still right, and taking it out again. */
import { join } from "node:path";
import type { Disk } from "../disk/index.ts";
import { compareKeys } from "../uri/index.ts";
import type { Found, Looked } from "./entry-reader.ts";
import { recordName } from "./layout.ts";
import type { EntryRecord } from "./record.ts";
import { type Scanned, scan, weigh } from "./scan.ts";
import type { Shelf } from "./shelf.ts";
import { sweep } from "./sweep.ts";

/** How many, and how large together. */
export interface Usage {
  readonly objects: number;
  readonly sizeBytes: number;
}

/** One object (or one version of it) that is here. */
export interface CacheEntry {
  readonly uri: string;
  readonly etag: string;
  readonly sizeBytes: number;
  /** The data file. It may go at any time; a local copy stays while it is open. */
  readonly path: string;
  /** When it was last read, milliseconds since 1970, to the minute. */
  readonly usedMs: number;
  /** When the server last confirmed it, milliseconds since 1970, to the minute. */
  readonly checkedMs: number;
  /** When its bytes came, milliseconds since 1970. */
  readonly fetchedMs: number;
  /** Whether nothing may take it away. Nothing can be pinned yet, so always false. */
  readonly pinned: boolean;
}

export interface DamagedEntry extends CacheEntry {
  /** `"record"`: not even the address is known, and `uri` is empty. */
  readonly damage: "record" | "data";
}

export interface MaintenanceOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Every limit is for itself; an entry goes when one of them says so. */
export interface PruneLimits {
  /** Of all entries together, the least recently used go first. */
  readonly maxBytes?: number | undefined;
  /** Fetched longer ago than this, milliseconds. */
  readonly olderThanMs?: number | undefined;
  /** Not used for longer than this, milliseconds. */
  readonly unusedForMs?: number | undefined;
}

export interface RemovalOptions extends MaintenanceOptions {
  /** Only say what would go. */
  readonly dryRun?: boolean | undefined;
}

export interface VerifyReport {
  readonly checked: Usage;
  readonly damaged: readonly DamagedEntry[];
}

export interface Premises {
  readonly disk: Disk;
  readonly layout: string;
  readonly shelf: Shelf;
  readonly now: () => number;
}

export async function stats({ disk, layout }: Premises): Promise<Usage> {
  let objects = 0;
  let sizeBytes = 0;
  for await (const weighed of weigh(disk, layout)) {
    if (!weighed.hasRecord) continue;
    objects += 1;
    sizeBytes += weighed.sizeBytes;
  }
  return { objects, sizeBytes };
}

/** In the order of the addresses' UTF-8 bytes; what is damaged is left out. */
export async function* list(premises: Premises, address?: string): AsyncGenerator<CacheEntry, void, undefined> {
  const entries: CacheEntry[] = [];
  for await (const { found } of records(premises)) {
    if (typeof found === "object" && isAt(found.record, address)) entries.push(entryOf(premises.shelf, found));
  }
  yield* entries.sort((a, b) => compareKeys(a.uri, b.uri));
}

export async function prune(
  premises: Premises,
  { maxBytes = Number.POSITIVE_INFINITY, olderThanMs, unusedForMs, ...options }: PruneLimits & RemovalOptions,
): Promise<readonly CacheEntry[]> {
  const nowMs = premises.now();
  const isOver = (ageMs: number, limitMs: number | undefined) => limitMs !== undefined && ageMs > limitMs;
  const going: Found[] = [];
  const staying: Found[] = [];
  for await (const { found } of records(premises, options.signal)) {
    if (typeof found === "string") continue;
    const goes = isOver(nowMs - found.record.fetchedMs, olderThanMs) || isOver(nowMs - found.usedMs, unusedForMs);
    (goes ? going : staying).push(found);
  }
  let left = staying.reduce((total, { record }) => total + record.info.sizeBytes, 0);
  staying.sort((a, b) => a.usedMs - b.usedMs);
  for (const found of staying) {
    if (left <= maxBytes) break;
    going.push(found);
    left -= found.record.info.sizeBytes;
  }
  return removeAll(premises, going, options);
}

export async function clear(
  premises: Premises,
  address: string | undefined,
  options: RemovalOptions = {},
): Promise<readonly CacheEntry[]> {
  const going: Found[] = [];
  for await (const { found } of records(premises, options.signal)) {
    if (typeof found === "object" && isAt(found.record, address)) going.push(found);
  }
  return removeAll(premises, going, options);
}

/** Reads every byte. `repair` takes away what is damaged, to be fetched again when it is next asked for. */
export async function verify(
  premises: Premises,
  { repair = false, signal }: MaintenanceOptions & { readonly repair?: boolean | undefined } = {},
): Promise<VerifyReport> {
  let objects = 0;
  let sizeBytes = 0;
  const damaged: DamagedEntry[] = [];
  for await (const { scanned, found } of records(premises, signal)) {
    if (found === "none" || found === "unreadable") continue;
    objects += 1;
    if (found === "damaged") {
      damaged.push(unknownEntry(scanned));
      if (repair) await premises.shelf.forget(scanned.entry);
    } else if (await premises.shelf.reader.isWhole(found.record, signal)) {
      sizeBytes += found.record.info.sizeBytes;
    } else {
      damaged.push({ ...entryOf(premises.shelf, found), damage: "data" });
      if (repair) await premises.shelf.drop(found.record);
    }
  }
  if (repair) await sweep(premises);
  return { checked: { objects, sizeBytes }, damaged };
}

/** Whether an entry is the object (or a version of it) at `address`, or lies in the folder there: `run1` is not `run10/`. */
function isAt({ uri, info }: EntryRecord, address: string | undefined): boolean {
  if (address === undefined || uri === address) return true;
  if (uri.startsWith(address.endsWith("/") ? address : `${address}/`)) return true;
  // A version's own part of the address comes after the key.
  return uri.startsWith(`${address}?versionId=`) && !uri.endsWith(`/${info.key}`);
}

async function* records(
  { disk, layout, shelf }: Premises,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly scanned: Scanned; readonly found: Looked<Found> }, void, undefined> {
  if (!(await shelf.isUsable())) return;
  for await (const scanned of scan(disk, layout)) {
    signal?.throwIfAborted();
    if (scanned.hasRecord) yield { scanned, found: await shelf.reader.find(scanned.entry) };
  }
}

/** Gives what went (or would); what this process reads, or any process holds, stays. */
async function removeAll(
  premises: Premises,
  going: readonly Found[],
  { dryRun = false, signal }: RemovalOptions,
): Promise<readonly CacheEntry[]> {
  const { shelf } = premises;
  const isInUse = await shelf.leases.whatIsInUse();
  const removed: CacheEntry[] = [];
  for (const found of going) {
    signal?.throwIfAborted();
    if (isInUse(shelf.reader.dataPath(found.record))) continue;
    if (!dryRun) await shelf.drop(found.record);
    removed.push(entryOf(shelf, found));
  }
  if (!dryRun) await sweep(premises);
  return removed;
}

function entryOf(shelf: Shelf, { record, usedMs }: Found): CacheEntry {
  const { uri, info, checkedMs, fetchedMs } = record;
  const path = shelf.reader.dataPath(record);
  return { uri, etag: info.etag, sizeBytes: info.sizeBytes, path, usedMs, checkedMs, fetchedMs, pinned: false };
}

function unknownEntry({ entry, folder }: Scanned): DamagedEntry {
  const times = { usedMs: 0, checkedMs: 0, fetchedMs: 0 };
  const path = join(folder, recordName(entry));
  return { uri: "", etag: "", sizeBytes: 0, path, ...times, pinned: false, damage: "record" };
}
