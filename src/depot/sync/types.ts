/** What `sync` is told, and what it says. */
import type { TransferReport } from "../../transfer/index.ts";
import type { FilterOptions } from "../filters/filter-options.ts";
import type { EmptyFoldersOptions } from "../moving-options.ts";
import type { NamesOption } from "../names/name-plan.ts";
import type { TransferOptions } from "../options.ts";

/**
 * `"auto"`: by size, then by what is cheapest and certain. Two servers: ETags, where these say nothing full-object checksums, else
 * times. A file or memory on one side: times; where these differ, the contents against the server's ETag or checksum.
 * `"checksum"`: times count for nothing; what cannot be compared is copied.
 */
export type Compare = "auto" | "checksum" | "size-time" | "size";

/** How much of the target may go: a number of objects, or a share of those that the target holds, `"0%"` to `"100%"`. */
export type DeleteLimit = number | `${number}%`;

/** What a filter leaves out is neither copied nor removed; sizes and ages are those of the source, where it holds the object. */
export interface SyncOptions extends TransferOptions, FilterOptions, EmptyFoldersOptions {
  /** By what objects of the same path are told apart. Default `"auto"`. */
  readonly compare?: Compare | undefined;
  /** Remove what the target holds beyond the source, once everything is copied without a failure. Default false. */
  readonly delete?: boolean | undefined;
  /**
   * Refuse to remove more than this, before anything is done: limit-exceeded. Default: half of the target, but up to ten objects in
   * any case. Only `"100%"` lets an empty source empty the target. RangeError.
   */
  readonly deleteLimit?: DeleteLimit | undefined;
  /** As for `copy`: what becomes of names that a folder of this disk cannot hold. Default `"refuse"`. */
  readonly names?: NamesOption | undefined;
  /**
   * As for `copy`: whether each file of a folder of this disk is flushed before it counts as copied. Default false: a power failure soon
   * after may leave the last ones empty, which the next sync brings again: their size differs.
   */
  readonly durable?: boolean | undefined;
}

/** How many objects of the same path were compared by what. */
export interface Compared {
  readonly etag: number;
  /** Bytes that were read, or checksums that servers keep. */
  readonly checksum: number;
  readonly time: number;
  readonly size: number;
}

/** `skipped` is what is the same on both sides. */
export interface SyncReport extends TransferReport {
  readonly compared: Compared;
}
