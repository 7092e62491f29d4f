/** What a listing is asked and gives, of objects and of versions. */
import type { ObjectInfo } from "./object-info.ts";
import type { RequestOptions } from "./request-options.ts";

export interface ListOptions extends RequestOptions {
  /** Any string, not necessarily a folder. Default `""`. */
  readonly prefix?: string | undefined;
  /** Roll keys up at the first `/` after the prefix into `folders`. Default false. */
  readonly rollUp?: boolean | undefined;
  /** Only keys after this one, in UTF-8 byte order. */
  readonly startAfter?: string | undefined;
  /** Keys and folders per page, 1 to 1,000 (the default). */
  readonly pageSize?: number | undefined;
  /**
   * How many requests may be in flight for this one listing, from 1 (the default). More make a long one faster, and cost up to a third
   * more of them; what is given, and its order, is the same. Only S3 asks for more than one page at a time. RangeError.
   */
  readonly shards?: number | undefined;
  /** Told of each request that is made for it, not of its repetitions. Only stores that count requests (`requestsOf`) tell. */
  readonly onRequest?: (() => void) | undefined;
  /** Told of each file in its folders that is no object, and left out. Only a folder of a disk has such files. */
  readonly onLeftOut?: ((file: LeftOutFile) => void) | undefined;
}

/** A link that leads nowhere or in a circle, a FIFO, a socket, a device. */
export interface LeftOutFile {
  /** That it would have. */
  readonly key: string;
  /** In words, e.g. "a link that leads nowhere". */
  readonly why: string;
}

/** Up to `pageSize` results; both lists are in UTF-8 byte order, and so are the pages. */
export interface ListPage {
  readonly objects: readonly ObjectInfo[];
  /** Full prefixes, each ending in `/`, each given once. */
  readonly folders: readonly string[];
}

/** One version of a key, or the mark that it was deleted. */
export interface ObjectVersion {
  readonly key: string;
  /** `"null"` for what was written while the bucket kept no versions. */
  readonly versionId: string;
  /** Whether it is what reading the key gives, or the reason why there is nothing to read. */
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  /** 0 for a delete marker. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Empty for a delete marker. */
  readonly etag: string;
  readonly storageClass?: string | undefined;
}

/** Versions in the order of their keys, those of one key the newest first. */
export interface VersionPage {
  readonly versions: readonly ObjectVersion[];
  /** Full prefixes, each ending in `/`. */
  readonly folders: readonly string[];
}
