/** A Zarr hierarchy as readers of it want it: keys to bytes, and what its metadata alone tells. Types only. */
import type { Bytes } from "../../store/index.ts";
import type { SignalOptions } from "../options.ts";

export interface ZarrOptions extends SignalOptions {
  /** As for `readBytes`. `"bypass"` for a scan whose chunks nobody reads again. Default `"use"`. */
  readonly cache?: "use" | "bypass" | "refresh" | undefined;
}
/** A key of the hierarchy, e.g. `/temperature/c/0/0`. */
export type ZarrKey = `/${string}`;
/** Bytes from an offset, or the last ones. */
export type ZarrRange = { readonly offset: number; readonly length: number } | { readonly suffixLength: number };

/**
 * What zarrita reads from, by shape. `undefined` means exactly that there is no such object: forbidden, unreachable, offline without a
 * copy and every other failure reject, so that no chunk that is there is taken for one that was never written.
 */
export interface ZarrStore {
  /** The folder, ending in `/`. */
  readonly uri: string;
  /** A whole object, through the cache; NaN and infinities in metadata, which are no JSON, as `null`. Errors: those of `readBytes` but not-found, unless it is the bucket that is missing. */
  get(key: ZarrKey, options?: SignalOptions): Promise<Bytes | undefined>;
  /**
   * A part of a shard, through the cache. All ranges of a shard are of the version whose index was read: else changed. Fewer bytes
   * than `length` are truncated; a `suffixLength` beyond the object is all of it.
   */
  getRange(key: ZarrKey, range: ZarrRange, options?: SignalOptions): Promise<Bytes | undefined>;
  /**
   * Groups and arrays, from metadata alone: one request where it is consolidated, else a listing for each group and up to three
   * requests for each node. Errors: not-found for no Zarr, malformed, limit-exceeded, unsupported for a web server without consolidated metadata.
   */
  tree(options?: ZarrTreeOptions): Promise<ZarrTree>;
}

export interface ZarrTreeOptions extends SignalOptions {
  /** Levels below the root, from 1. Default: all. RangeError. */
  readonly depth?: number | undefined;
  /** Ask for the metadata of this version only. Default: for version 2's consolidated metadata first, then for version 3. */
  readonly format?: 2 | 3 | undefined;
  /** How many names may be listed where metadata is not consolidated, from 1. Default 10,000. */
  readonly maxEntries?: number | undefined;
}

export interface ZarrTree {
  readonly uri: string;
  readonly format: 2 | 3;
  /** Whether one document told everything. */
  readonly consolidated: boolean;
  /** The root first, each group before what lies in it, names in UTF-8 byte order. */
  readonly nodes: readonly ZarrNode[];
}

export type ZarrNode = ZarrGroup | ZarrArray;

interface AnyNode {
  /** Below the root, without slashes at its ends; `""` for the root. */
  readonly path: string;
  readonly uri: string;
}
export interface ZarrGroup extends AnyNode {
  readonly kind: "group";
}
export interface ZarrArray extends AnyNode {
  readonly kind: "array";
  readonly shape: readonly number[];
  /** What one read decodes: in a sharded array the chunks inside the shards. */
  readonly chunkShape: readonly number[];
  /** What one object holds, where it holds several chunks. */
  readonly shardShape: readonly number[] | undefined;
  /** In the words of the metadata, e.g. `<f4` (version 2) or `float32` (version 3). */
  readonly dataType: string;
  /** In the order in which they encode a chunk, e.g. `["bytes", "blosc(zstd)"]`. */
  readonly codecs: readonly string[];
  /** One for each dimension, where the metadata names any. */
  readonly dimensionNames: readonly (string | null)[] | undefined;
  /** Of all elements, not compressed; `undefined` where elements differ in length. Exact up to 2⁵³. */
  readonly sizeBytes: number | undefined;
  /** How many chunks there can be; those of nothing but fill values may be missing. Exact up to 2⁵³. */
  readonly chunks: number;
  /** How many objects hold them, where that differs. */
  readonly shards: number | undefined;
}
