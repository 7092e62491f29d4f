/** The cache as its users see it, as types. */
import type { PinKind } from "../cache/index.ts";
import type { FileResult, TransferReport, Usage } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import type { CacheLimits } from "./cache/limits.ts";
import type {
  CacheEntry,
  CacheExplanation,
  CacheLinkOptions,
  CacheLinkReport,
  CacheStats,
  CacheStatsOptions,
  CacheVerifyOptions,
  CacheVerifyReport,
} from "./cache/types.ts";
import type { Listing, Sources } from "./entries.ts";
import type { CallOptions, LocalPath, SignalOptions, TransferOptions } from "./options.ts";
import type { Duration } from "./units.ts";

/** None is a TypeError. */
export interface PruneLimits extends Omit<CacheLimits, "olderThan"> {
  /** Fetched longer ago than this, or before this date. */
  readonly olderThan?: Duration | Date | undefined;
}
/** How entries are taken away. */
export interface CacheRemovalOptions extends CallOptions {
  /** Say what would go, remove nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Told once per entry; also of those that could not be removed, which is an error at the end. Must not throw. */
  readonly onFile?: ((file: FileResult) => void) | undefined;
}
/** How objects are pinned. */
export interface PinOptions extends Omit<TransferOptions, "maxRequests" | "maxBytes"> {
  /** The address is a string that keys begin with, not a folder or an object. Default false. */
  readonly prefix?: boolean | undefined;
}
/** What is kept whatever the limits say. */
export interface CachePin {
  /** What was asked; of a list, the bucket. */
  readonly uri: string;
  readonly kind: PinKind;
  /** How many were listed, and how large they are together. */
  readonly objects: number;
  readonly sizeBytes: number;
  /** When they were listed, milliseconds since 1970. */
  readonly listedMs: number;
  /** Whether this is all there was: only then it is known offline what does not exist. */
  readonly complete: boolean;
}
/** Always there; with `cache: false` it is empty and `enabled` is false. */
export interface CacheControl {
  readonly enabled: boolean;
  readonly dir: string;
  /** Looks at every file and reads none, about 10 s for a million objects; with `detail` reads every record. */
  stats(options?: CacheStatsOptions): Promise<CacheStats>;
  /** All entries, those below a folder (with or without its final `/`), or that of one object. */
  list(folder?: Address, options?: SignalOptions): Listing<CacheEntry>;
  /** One address: is there a copy, what does the next read do with it, what would take it away. Asks no server. */
  explain(address: Address): Promise<CacheExplanation>;
  /**
   * Lists what is wanted, fetches what is not here in its current version, and keeps all of it whatever the limits say, until `unpin`.
   * A folder (final `/`), a prefix, one object, a listing, a list of addresses. Again: asks anew, and lets go what is gone. Offline, a
   * whole folder's listing is known then. In the report, what was fetched is `copied`, what was here is `skipped`. Error: unreachable
   * when offline.
   */
  pin(what: Address | Sources, options?: PinOptions): Promise<TransferReport>;
  /** Lets go what was pinned at an address, in the folder there (final `/`), or these objects; the copies stay as others do. No network. */
  unpin(what: Address | Sources, options?: SignalOptions & { readonly prefix?: boolean | undefined }): Promise<Usage>;
  /** What is pinned, all of it or below a folder. `data.offline.status()` says how much of it is here. */
  pins(folder?: Address, options?: SignalOptions): Listing<CachePin>;
  /** Removes what exceeds the limits, least recently used first; never what this process reads or any process holds. */
  prune(limits: PruneLimits, options?: CacheRemovalOptions): Promise<TransferReport>;
  /** Reads every copy, or those below a folder, and says of each that is not as it was stored why; `repair` takes it away. */
  verify(options?: CacheVerifyOptions): Promise<CacheVerifyReport>;
  /**
   * Makes a folder a tree of symbolic links to the copies, e.g. `<toDir>/s3/bucket/key`; made anew by the next call. A link leads nowhere
   * when its copy went. Error: not-empty for a folder that holds anything else; then nothing is changed.
   */
  link(toDir: LocalPath, options?: CacheLinkOptions): Promise<CacheLinkReport>;
  /**
   * What `list(folder)` shows goes. What is pinned, read by this process or held by any stays, and is `skipped` in the report; to take
   * away what is pinned, unpin it first. Results, the outbox and other folders of the cache root are never touched.
   */
  clear(folder?: Address, options?: CacheRemovalOptions): Promise<TransferReport>;
}
