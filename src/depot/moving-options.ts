/** What copies, moves and removals of many objects can be asked. */
import type { FilterOptions } from "./filters/filter-options.ts";
import type { NamesOption } from "./names/name-plan.ts";
import type { Compression, TransferOptions, WriteCondition } from "./options.ts";
import type { ByteSize } from "./units.ts";

export interface NamesOptions {
  /**
   * What becomes of names that a folder of this disk cannot hold: `a` beside `a/b`, `a//b`, names that are too long or differ only
   * in case. `"refuse"` (default): unrepresentable-name with all of them in `failures`, before anything is written. `"map"`: other
   * names, listed in `.entrepot-names.ndjson`; a copy from there with `"map"` restores the keys. `"portable"`: names for any disk.
   */
  readonly names?: NamesOption | undefined;
}

export interface EmptyFoldersOptions {
  /**
   * Leave folders of this disk that lose their last file. Default false: they go, up to the one that was named, which goes where it was
   * itself to be removed. One that was empty before stays, unless it lies in what was removed as a whole.
   */
  readonly keepEmptyFolders?: boolean | undefined;
}

type ManyOptions = TransferOptions & FilterOptions & NamesOptions & WriteCondition;

export type MoveOptions = ManyOptions & EmptyFoldersOptions;

export type CopyOptions = ManyOptions & {
  readonly compress?: Compression | false | undefined;
  /** By the suffix of what is copied, else `Content-Encoding: gzip`; the suffix goes. */
  readonly decompress?: boolean | undefined;
  /** With `decompress`: the most bytes out per byte in, above the first 1 MiB, of each object. From 1, default 1,000; `Infinity` for what you trust. */
  readonly maxRatio?: number | undefined;
  /** With `decompress`: the most bytes that may come out of each object. Default: no limit. */
  readonly maxDecompressedBytes?: ByteSize | undefined;
  /** Also copy the empty objects whose names end in `/`, by which some tools mark folders; a disk needs none. Default false. A move takes them along. */
  readonly markers?: boolean | undefined;
  /**
   * Whether each file of a folder is flushed to this disk before it counts as copied, as one file always is. Default false: all are
   * whole under their names, but a power failure soon after may leave the last ones empty. A move always flushes.
   */
  readonly durable?: boolean | undefined;
  /** Of a listing, only the versions that it told of: what was replaced since is `changed`. Default false: what is there by then. */
  readonly pinned?: boolean | undefined;
};

export type RemoveOptions = TransferOptions &
  FilterOptions &
  EmptyFoldersOptions & {
    readonly recursive?: boolean | undefined;
    readonly ifMatch?: string;
    /** `"only"`: of a folder, nothing but the empty objects whose names end in `/`, by which some tools mark folders. Default: everything. */
    readonly markers?: "only" | undefined;
  };
