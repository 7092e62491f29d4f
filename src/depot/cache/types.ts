/** One copy as its users see it, as types: what it is, what becomes of it, and why. */
import type { CopyHolder, Damage, Holdings, Limits } from "../../cache/index.ts";
import type { Usage } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import type { CallOptions, SignalOptions } from "../options.ts";

/**
 * What the next read of a whole object does with its copy. `"fresh"`: takes it without asking; `"asks"`: asks the server whether it is
 * still the version, and takes it if so; `"outdated"`: something newer was seen, or may be there, so it asks whatever the age.
 */
export type CacheState = "fresh" | "asks" | "outdated";

/** One object (or one version of it) that is here. Times are milliseconds since 1970. */
export interface CacheEntry {
  readonly uri: string;
  readonly etag: string;
  /** Where it was asked for by version. */
  readonly versionId: string | undefined;
  readonly sizeBytes: number;
  /** The data file. It may go at any time; a local copy stays while it is open. */
  readonly path: string;
  /** When its bytes came. */
  readonly fetchedMs: number;
  /** When the server last confirmed it, to the minute. */
  readonly checkedMs: number;
  /** When it was last read, to the minute. */
  readonly usedMs: number;
  readonly state: CacheState;
  /** In words, for people. */
  readonly why: string;
  /** What its bytes were held against when they came. */
  readonly verified: "checksum" | "length";
  /** False for what was written here and not asked about since: what the server adds to it is not known. */
  readonly complete: boolean;
  /** Whether a pin keeps it; nothing takes it away then but unpinning. */
  readonly pinned: boolean;
  /** The addresses that were pinned; the id of a pin that cannot be read. */
  readonly pinnedBy: readonly string[];
  /** Whether a process reads or holds it; it is not taken away then. */
  readonly held: boolean;
  /** The processes that hold it, this one included. */
  readonly heldBy: readonly CopyHolder[];
}

/** What there is to know of one address. */
export interface CacheExplanation {
  readonly uri: string;
  /** `undefined`: there is no copy of it. */
  readonly entry: CacheEntry | undefined;
  /** What the next read does, in words. */
  readonly nextRead: string;
  /** What would take the copy away, in words. */
  readonly leaves: string;
}

/** A copy that is not what was stored. */
export interface DamagedCopy {
  /** `undefined` when the record says nothing: then not even the address is known. */
  readonly uri: string | undefined;
  readonly etag: string | undefined;
  readonly sizeBytes: number;
  /** The file that is wrong. */
  readonly path: string;
  readonly damage: Damage;
  /** In words, e.g. `"the file is gone"`. */
  readonly why: string;
  readonly pinned: boolean;
  /** `"removed"` and `"fetched"` only where `repair` was given. `"kept"`: nothing was changed. */
  readonly outcome: "kept" | "removed" | "fetched";
  /** Why it could not be fetched again. */
  readonly error: Error | undefined;
}

export interface CacheVerifyOptions extends CallOptions {
  /** Only what `list(folder)` shows. Default: everything, also what has no address. */
  readonly folder?: Address | undefined;
  /** Take away what is damaged, and fetch again what of it is pinned. Default false. */
  readonly repair?: boolean | undefined;
  /** With `repair`: fetch all that was damaged again, as far as its address is known. Default: pinned copies, unless offline. */
  readonly refetch?: boolean | undefined;
}

export interface CacheVerifyReport {
  readonly checked: Usage;
  readonly damaged: readonly DamagedCopy[];
}

/** What is in the cache by kind and place. */
export interface CacheDetail {
  /** Files that are being written, or were when their process died. */
  readonly pending: Usage;
  /** Data that belongs to no entry. */
  readonly stray: Usage;
  /** Records that say nothing; `verify({ repair: true })` takes them away. */
  readonly damaged: number;
  /** Paths of files that are none of the cache's; at most 20. Nothing ever touches them. */
  readonly foreign: readonly string[];
  readonly oldestUseMs: number | undefined;
  readonly newestUseMs: number | undefined;
  /** Room on the disk, for this user. `undefined` where there is no folder yet. */
  readonly freeBytes: number | undefined;
  /** By bucket or host, the largest first. */
  readonly places: readonly (Usage & { readonly uri: string })[];
}

/** How much is here, of what kind, and the limits in force as numbers; `undefined`: none. */
export interface CacheStats extends Holdings, Limits {
  /** Only where it was asked for. */
  readonly detail: CacheDetail | undefined;
}

export interface CacheStatsOptions extends SignalOptions {
  /** Also by kind and place: reads every record, seconds for a hundred thousand. Default false. */
  readonly detail?: boolean | undefined;
}

export interface CacheLinkOptions extends SignalOptions {
  /** Only the copies that `list(folder)` shows. Default: all. */
  readonly folder?: Address | undefined;
}

/** What became of a tree of links. */
export interface CacheLinkReport {
  /** The folder. */
  readonly path: string;
  /** Links that are there now. */
  readonly links: number;
  readonly added: number;
  /** Those whose copies went, or are no longer asked for. */
  readonly removed: number;
  /** Copies that share their address with one that was confirmed later, e.g. of another endpoint: they have no link. */
  readonly hidden: number;
}
