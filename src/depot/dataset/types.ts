/** A dataset of many files that changes as one, as types; `D` is the depot. */
import type { Address } from "../../uri/index.ts";
import type { Listing, ObjectEntry, Sources } from "../entries.ts";
import type { Awaitable, CallOptions, SignalOptions } from "../options.ts";
import type { Duration } from "../units.ts";

/**
 * A folder that holds generations of many files and one pointer, `current.json`, which is swung to a new generation by a
 * compare-and-swap when all its files are there. Readers resolve it once. The layout is in docs/datasets.md.
 */
export interface Dataset<D> {
  /** The folder, ending in `/`. */
  readonly uri: string;
  /**
   * Stages files beside those of the other generations, verifies them and swings the pointer: all of them or none. A folder (final `/`),
   * listing or list is copied; a function writes what it likes below `stage.uri`. Whoever swings first wins; the other's files are
   * removed again. Errors: precondition-failed when another generation was published meanwhile, not-found for no files, unsupported
   * before anything is staged where the server cannot swap, those of writes.
   */
  publish(
    source: Address | Sources | ((stage: DatasetStage<D>, signal: AbortSignal) => Awaitable<void>),
    options?: DatasetPublishOptions,
  ): Promise<DatasetGeneration>;
  /** The current generation, or one that is kept. Its address and files never change. One request. Error: not-found. */
  open(options?: DatasetOpenOptions): Promise<OpenDataset<D>>;
  /** The generations that are kept, the newest first. One request. Error: not-found for no dataset. */
  history(options?: SignalOptions): Promise<readonly DatasetGeneration[]>;
  /**
   * Swings the pointer to a generation that is kept, after looking whether all its files are there. Default: the one published before
   * the current one. Errors: not-found, integrity.
   */
  rollback(generation?: string, options?: DatasetRollbackOptions): Promise<DatasetGeneration>;
  /**
   * Removes generations that are neither current nor among the newest `keep`, and what publishers left that did not end, both when they
   * are older than `olderThan` and under no lease.
   */
  gc(options?: DatasetGcOptions): Promise<DatasetGcReport>;
}

export interface DatasetGeneration {
  /** Its name; never given twice. */
  readonly generation: string;
  /** The folder of its files, ending in `/`. */
  readonly uri: string;
  readonly objects: number;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly publishedMs: number;
  readonly isCurrent: boolean;
}

/** Where a generation is made. */
export interface DatasetStage<D> {
  readonly generation: string;
  /** The folder to write into, ending in `/`. */
  readonly uri: string;
  /** A depot whose bare names lie in it: `stage.data.writeText("a.csv", text)`. */
  readonly data: D;
}

export interface DatasetPublishOptions extends CallOptions {
  /** The generation that this one follows, where it was computed from it. Default: the one that is current at the start. */
  readonly base?: string | undefined;
  /** Publish on top of whatever was published meanwhile, instead of precondition-failed. Default false. */
  readonly rebase?: boolean | undefined;
}

export interface DatasetRollbackOptions extends SignalOptions {
  /** Look at the files, and say which generation it would be; change nothing. Default false. */
  readonly dryRun?: boolean | undefined;
}

export interface DatasetOpenOptions extends SignalOptions {
  /** Default: the current one. */
  readonly generation?: string | undefined;
  /** Keeps the generation from `gc` for so long, or until it is closed, by a small object of its own. Default: none, its age protects it. */
  readonly lease?: Duration | undefined;
}

/** One generation, pinned. Close it where there is a lease. */
export interface OpenDataset<D> extends DatasetGeneration, AsyncDisposable {
  /** A depot whose bare names lie in it: `opened.data.readText("a.csv")`. */
  readonly data: D;
  /** The files as they were published, from the manifest: nothing is listed. Errors: integrity for a manifest that was changed. */
  list(options?: SignalOptions): Listing<ObjectEntry>;
  /** Lets the lease go. */
  close(): Promise<void>;
}

export interface DatasetGcOptions extends SignalOptions {
  /** How many of the newest generations stay, with the current one, from 1. Default 3. RangeError. */
  readonly keep?: number | undefined;
  /** What was current or written to within this time stays. Default `"7d"`. */
  readonly olderThan?: Duration | undefined;
  /** Say what would be removed, change nothing. Default false. */
  readonly dryRun?: boolean | undefined;
}

export interface DatasetGcReport {
  readonly dryRun: boolean;
  /** Generations that were published once. */
  readonly removed: readonly string[];
  /** What publishers left that did not end. */
  readonly abandoned: readonly string[];
  /** What would have gone, but for a lease. */
  readonly leased: readonly string[];
  readonly objects: number;
  readonly sizeBytes: number;
}
