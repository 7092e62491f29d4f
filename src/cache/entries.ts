/** One object that is here, as its users see it. */
import { join } from "node:path";
import type { Found } from "./entry-reader.ts";
import { recordName } from "./layout.ts";
import type { Scanned } from "./scan.ts";
import type { Shelf } from "./shelf.ts";

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
  /** Whether nothing may take it away. */
  readonly pinned: boolean;
}

export interface DamagedEntry extends CacheEntry {
  /** `"record"`: not even the address is known, and `uri` is empty. */
  readonly damage: "record" | "data";
}

export function entryOf(shelf: Shelf, { record, usedMs }: Found, { pinNames }: Scanned): CacheEntry {
  const { uri, info, checkedMs, fetchedMs } = record;
  const path = shelf.reader.dataPath(record);
  const pinned = pinNames.length > 0;
  return { uri, etag: info.etag, sizeBytes: info.sizeBytes, path, usedMs, checkedMs, fetchedMs, pinned };
}

/** What stands for an entry whose record says nothing. */
export function unknownEntry({ entry, folder, pinNames }: Scanned): DamagedEntry {
  const times = { usedMs: 0, checkedMs: 0, fetchedMs: 0 };
  const path = join(folder, recordName(entry));
  return { uri: "", etag: "", sizeBytes: 0, path, ...times, pinned: pinNames.length > 0, damage: "record" };
}
