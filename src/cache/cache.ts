/**
 * The cache of one folder: local copies that are validated by ETag, verified by checksum, bounded in size and readable
 * offline. One per folder and process; other processes may use the same folder.
 */
import { join } from "node:path";
import type { Disk } from "../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { BucketStore, ObjectStore } from "../store/index.ts";
import { type CachedStore, cachedBucketStore, cachedStore } from "./cached-store.ts";
import { Changes } from "./changes.ts";
import type { Desk, WrapOptions } from "./desk.ts";
import { Evictor } from "./evict.ts";
import { layoutFolder } from "./layout.ts";
import {
  type CachedEntry,
  clear,
  list,
  type MaintenanceOptions,
  type PruneLimits,
  prune,
  type RemovalOptions,
  stats,
  type Usage,
  type VerifyReport,
  verify,
} from "./maintain.ts";
import { openFlights } from "./read-whole.ts";
import { Shelf } from "./shelf.ts";
import { sweep } from "./sweep.ts";
import { witnessOf } from "./witness.ts";

export interface OpenCacheOptions {
  readonly disk: Disk;
  /** The cache root, absolute; made when something is first kept. */
  readonly dir: string;
  /** Permission bits of the files. Default `0o600`; with group bits the folder is shared with whoever may write to it. */
  readonly mode?: number | undefined;
  /** Default: no limit. Kept after each commit, to within a twentieth for every further process. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Changes with every start of the machine: entries from before it are checked before their path is given out. Default: Linux's own, else the time of the start. */
  readonly bootId?: string | undefined;
  readonly host: string;
  /** For held copies that the cache cannot keep. Default: a folder in the cache. */
  readonly tempDir?: string | undefined;
  /** The user whose files are believed. Default: this process's own. */
  readonly uid?: number | undefined;
  /** What keeps the cache from working, once for each cause; reads and writes go on without it. */
  readonly onWarning?: ((warning: EntrepotError) => void) | undefined;
}

export interface CacheStats extends Usage {
  readonly maxBytes: number | undefined;
  /** What nothing may take away. */
  readonly pinned: Usage;
}

export interface Cache {
  /** The cache root. */
  readonly dir: string;
  /** The store with this cache in front of it. Closing it closes the store and leaves the cache open. */
  wrap(store: BucketStore, options: WrapOptions): CachedStore & BucketStore;
  wrap(store: ObjectStore, options: WrapOptions): CachedStore;
  stats(): Promise<CacheStats>;
  /** The entries whose address begins with `prefix`, in the order of the addresses' UTF-8 bytes. */
  list(prefix?: string): AsyncIterable<CachedEntry>;
  /** Takes away what a limit says, and files that belong to nothing. What is being read or held stays. Gives what went. */
  prune(limits: PruneLimits & RemovalOptions): Promise<readonly CachedEntry[]>;
  /** Reads every byte of every entry; `repair` takes away what is damaged. */
  verify(options?: MaintenanceOptions & { readonly repair?: boolean | undefined }): Promise<VerifyReport>;
  /** Takes away everything, or what begins with `prefix`. What is being read or held stays. Gives what went. */
  clear(prefix?: string, options?: RemovalOptions): Promise<readonly CachedEntry[]>;
  /** Waits for what was left to be done after the calls. The cache can be used again. */
  close(): Promise<void>;
}

/** Touches nothing until it is used. */
export function openCache(options: OpenCacheOptions): Cache {
  const { disk, dir, mode = 0o600, maxBytes, now, uid = process.getuid?.() } = options;
  const layout = layoutFolder(dir);
  const warn = warnOnce(dir, options.onWarning);
  const shelf = new Shelf({ disk, root: dir, layout, mode, uid, witness: witnessOf(options), now, warn });
  const premises = { disk, layout, shelf, now };
  const changes = new Changes();
  const forget = (entry: string) => shelf.forget(entry);
  const evictor =
    maxBytes === undefined
      ? undefined
      : new Evictor({ disk, layout, maxBytes, inUse: shelf.inUse, forget, sweep: () => sweep(premises) });
  const onCommit = (sizeBytes: number) => {
    const walk = evictor?.added(sizeBytes);
    if (walk !== undefined) shelf.later(walk);
  };
  const tempDir = options.tempDir ?? join(dir, "temporary");

  function wrap(store: BucketStore, wrapOptions: WrapOptions): CachedStore & BucketStore;
  function wrap(store: ObjectStore, wrapOptions: WrapOptions): CachedStore;
  function wrap(store: ObjectStore | BucketStore, wrapOptions: WrapOptions): CachedStore {
    const flights = openFlights();
    const desk: Desk = { store, shelf, changes, flights, options: wrapOptions, now, maxBytes, tempDir, onCommit };
    return "createBucket" in store ? cachedBucketStore(desk, store, disk) : cachedStore(desk, disk);
  }

  return {
    dir,
    wrap,
    stats: async () => ({ ...(await stats(premises)), maxBytes, pinned: { objects: 0, sizeBytes: 0 } }),
    list: (prefix) => list(premises, prefix),
    prune: (limits) => prune(premises, limits),
    verify: (verification) => verify(premises, verification),
    clear: (prefix, removal) => clear(premises, prefix, removal),
    close: () => shelf.settle(),
  };
}

/** One message for each cause is enough: the tenth thousand read of a full disk says nothing new. */
function warnOnce(dir: string, onWarning: ((warning: EntrepotError) => void) | undefined): (error: unknown) => void {
  const seen = new Set<string>();
  return (error) => {
    const code = isEntrepotError(error) ? error.code : "io";
    if (seen.has(code)) return;
    seen.add(code);
    const reason = error instanceof Error ? error.message : String(error);
    const hint =
      isEntrepotError(error) && error.hint !== undefined ? error.hint : "Check the folder, or choose another.";
    onWarning?.(
      new EntrepotError(code, `The cache in ${dir} does not work as it should: ${reason}`, { hint, cause: error }),
    );
  };
}
