/** What listings and globs give, what they can be asked, and what takes many objects. */
import type { Address } from "../uri/index.ts";
import type { FilterOptions } from "./filters/filter-options.ts";
import type { SignalOptions } from "./options.ts";

/** Many objects: a listing, a glob, a list of addresses. */
export type Sources = readonly Address[] | AsyncIterable<string | { readonly uri: string }>;

interface AnyEntry {
  readonly uri: string;
  /** Below the folder that was listed. */
  readonly path: string;
  /** The last segment. */
  readonly name: string;
}
export interface ObjectEntry extends AnyEntry {
  readonly kind: "object";
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly etag: string;
  readonly versionId: string | undefined;
}
/** All that is known of one object; what the store does not keep is `undefined`. */
export interface ObjectStat extends ObjectEntry {
  readonly contentType: string | undefined;
  /** As stored, e.g. `gzip`. */
  readonly contentEncoding: string | undefined;
  readonly contentLanguage: string | undefined;
  readonly contentDisposition: string | undefined;
  readonly cacheControl: string | undefined;
  /** `undefined` for S3's standard class. */
  readonly storageClass: string | undefined;
  /** `AES256`, `aws:kms`, `aws:kms:dsse`, or `customer` for a key of the reader's own. */
  readonly encryption: string | undefined;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}
export interface FolderEntry extends AnyEntry {
  readonly kind: "folder";
}
export interface EntryOf {
  readonly object: ObjectEntry;
  readonly folder: FolderEntry;
  readonly any: ObjectEntry | FolderEntry;
}
/** One version of an object that the bucket keeps. Its `uri` names it, for whatever reads, copies or removes. */
export interface VersionEntry extends AnyEntry {
  readonly kind: "version";
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly etag: string;
  /** `"null"` for what was written while the bucket kept no versions. */
  readonly versionId: string;
  /** Whether it is what reading the object gives. */
  readonly isLatest: boolean;
}
/** An object was removed and its versions kept: what says so. Removing this `uri` brings the object back. */
export interface DeleteMarkerEntry extends AnyEntry {
  readonly kind: "delete-marker";
  readonly modifiedMs: number;
  readonly versionId: string;
  /** Whether it is the reason why there is no such object. */
  readonly isLatest: boolean;
}
/** Entries as they arrive, in the keys' UTF-8 byte order; lists anew each time it is iterated. */
export interface Listing<T> extends AsyncIterable<T> {
  toArray(): Promise<T[]>;
  uris(): Promise<string[]>;
}
/**
 * How many requests one listing may have in flight, from 1: RangeError. `"auto"` (default): one until four pages were taken, then up to
 * 8, within `concurrency`. It gives the same in the same order, for up to a third more requests; only S3 has more than one.
 */
export type Shards = "auto" | number;
/** What a glob can be asked besides its pattern. */
export interface GlobOptions<K extends keyof EntryOf = keyof EntryOf> extends SignalOptions, FilterOptions {
  /** Default `"object"`; for a pattern that ends in `/`, `"folder"`. */
  readonly kind?: K | undefined;
  /** Levels below the folder that `entry.path` is relative to, from 1. Default: as many as the pattern has. RangeError. */
  readonly depth?: number | undefined;
  /** Searched for in `entry.path`, in linear time: no look-around, no back-references (TypeError). */
  readonly match?: RegExp | undefined;
  readonly shards?: Shards | undefined;
}
export interface ListOptions<K extends keyof EntryOf = keyof EntryOf> extends SignalOptions, FilterOptions {
  /** Default `"object"`. */
  readonly kind?: K | undefined;
  /** Levels below the folder, from 1, which lists the folder itself. Default: all; of `s3://`, the buckets. RangeError. */
  readonly depth?: number | undefined;
  /** Searched for in `entry.path`, in linear time: no look-around, no back-references (TypeError). */
  readonly match?: RegExp | undefined;
  /** The address is a string that keys begin with, not a folder. Default false. */
  readonly prefix?: boolean | undefined;
  readonly shards?: Shards | undefined;
  readonly versions?: false | undefined;
}
/** What a listing of versions can be asked: those of objects, no folders. */
export interface VersionListOptions extends SignalOptions, Pick<ListOptions, "depth" | "match" | "prefix"> {
  /** Every version of every object, delete markers among them, those of one object the newest first. */
  readonly versions: true;
}
/** What a walk through folders can be asked. */
export interface WalkOptions extends SignalOptions {
  /** Levels below the folder, from 1, which gives the folder itself. Default: all. RangeError. */
  readonly depth?: number | undefined;
}
/** One folder of a walk, with what lies in it and not deeper, in key order. */
export interface WalkedFolder {
  readonly uri: string;
  /** Below the folder where the walk began: `""` for that one, else ending in `/`. */
  readonly path: string;
  /** The caller may take away from it what is not to be entered. */
  readonly folders: FolderEntry[];
  readonly objects: ObjectEntry[];
}
