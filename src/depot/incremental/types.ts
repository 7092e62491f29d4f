/** What `copyNew` takes and gives, as types. */
import type { TransferReport, Usage } from "../../transfer/index.ts";
import type { FilterOptions } from "../filters/filter-options.ts";
import type { CopyOptions } from "../moving-options.ts";
import type { Awaitable, LocalPath, TransferOptions } from "../options.ts";
import type { Duration } from "../units.ts";

/**
 * When a file of the source is complete. Markers themselves are never copied.
 * - `marker`: a file of this name lies beside it; `{name}` is its own, e.g. `".{name}.meta"`.
 * - `file`: a file of this name, e.g. `"_SUCCESS"`, lies in its folder or in one above, up to the source.
 * - `manifest`: a JSON file of this name in its folder or in one above names it: a list of names or of objects with `path`, `name`,
 *   `key`, `url` or `uri`, at the top or under `files` or `entries`; a `size` or `sizeBytes` there must be its own.
 * - `stableFor`: it was not written to for so long.
 */
export type CompleteWhen =
  | { readonly marker: string; readonly file?: never; readonly manifest?: never; readonly stableFor?: never }
  | { readonly file: string; readonly marker?: never; readonly manifest?: never; readonly stableFor?: never }
  | { readonly manifest: string; readonly marker?: never; readonly file?: never; readonly stableFor?: never }
  | { readonly stableFor: Duration; readonly marker?: never; readonly file?: never; readonly manifest?: never };

/** A file that was taken. */
export interface NewFile {
  readonly uri: string;
  /** Below the source, with `/`. */
  readonly path: string;
  /** Where it lies now. */
  readonly target: string;
  /** Of the version that was taken. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** Whether this path was never taken before, or another version of it was. */
  readonly reason: "new" | "changed";
}

/** What was left for the next time. */
export interface IncompleteFile {
  readonly uri: string;
  /** Below the source, with `/`. */
  readonly path: string;
  /** In words: `"has no marker .a.csv.meta"`. */
  readonly reason: string;
}

export interface CopyNewOptions extends TransferOptions, FilterOptions, Pick<CopyOptions, "names" | "durable"> {
  /** Default: every file is complete. */
  readonly completeWhen?: CompleteWhen | undefined;
  /**
   * Told of each file once it lies in the target, one after the other, and awaited: only then it counts as taken. One that throws
   * ends the transfer; its file comes again the next time.
   */
  readonly onNew?: ((file: NewFile) => Awaitable<void>) | undefined;
  /**
   * Whether later files have keys that sort after those of earlier ones, as with dates in them: then only what comes after the last
   * one before which everything was taken is listed. What arrives before it, or was left out by a filter, is never seen. With a marker
   * that begins with `{name}`, with `stableFor` or alone, else TypeError. Default false: everything is listed each time.
   */
  readonly inOrder?: boolean | undefined;
  /** The folder of this disk that remembers what was taken. Default: one per source and target below the cache's folder. */
  readonly state?: LocalPath | undefined;
}

export interface NewReport extends TransferReport {
  /** In the order of their keys; with `dryRun`, those that would be taken. */
  readonly newFiles: readonly NewFile[];
  /** In the order of their keys. */
  readonly incomplete: readonly IncompleteFile[];
  /** What was taken before and is the same. */
  readonly unchanged: Usage;
}
