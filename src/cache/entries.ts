/** One object that is here, as its users see it. */
import type { Found } from "./entry-reader.ts";
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

export function entryOf(shelf: Shelf, { record, usedMs }: Found, { pinNames }: Scanned): CacheEntry {
  const { uri, info, checkedMs, fetchedMs } = record;
  const path = shelf.reader.dataPath(record);
  const pinned = pinNames.length > 0;
  return { uri, etag: info.etag, sizeBytes: info.sizeBytes, path, usedMs, checkedMs, fetchedMs, pinned };
}
