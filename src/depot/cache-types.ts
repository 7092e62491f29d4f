/** The cache as its users see it, as types. */
import type { CacheEntry, CacheStats } from "../cache/index.ts";
import type { FileResult, TransferReport, Usage } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import type { CacheLimits } from "./cache/limits.ts";
import type { Listing } from "./entries.ts";
import type { CallOptions, SignalOptions } from "./options.ts";
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
  /** Told once per entry. Must not throw. */
  readonly onFile?: ((file: FileResult) => void) | undefined;
}
/** Always there; with `cache: false` it is empty and `enabled` is false. */
export interface CacheControl {
  readonly enabled: boolean;
  readonly dir: string;
  /** Looks at every file, reads none: about 10 s for a million objects. */
  stats(options?: SignalOptions): Promise<CacheStats>;
  /** All entries, those below a folder (with or without its final `/`), or that of one object. */
  list(folder?: Address, options?: SignalOptions): Listing<CacheEntry>;
  /** Removes what exceeds the limits, least recently used first; never what this process reads or any process holds. */
  prune(limits: PruneLimits, options?: CacheRemovalOptions): Promise<TransferReport>;
  verify(
    options?: SignalOptions & { readonly repair?: boolean | undefined },
  ): Promise<{ readonly checked: Usage; readonly damaged: readonly CacheEntry[] }>;
  /** What `list(folder)` shows goes; never what this process reads or any process holds. */
  clear(folder?: Address, options?: CacheRemovalOptions): Promise<TransferReport>;
}
