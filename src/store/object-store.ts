/**
 * The contract of every backend and decorator: seven methods over opaque keys. It is executable: the suite in
 * `testing/` runs on memory, local folders, S3 and whatever wraps them. Sugar is written once, outside.
 */
import type { EntrepotError } from "../error/index.ts";
import type { ListOptions, ListPage, VersionPage } from "./listing.ts";
import type { ObjectInfo } from "./object-info.ts";
import type { PlannedCall, PlannedCosts } from "./planned-calls.ts";
import type { RequestOptions } from "./request-options.ts";
import type { ResumableWrite, UnfinishedUpload, WrittenSoFar } from "./resumable-write.ts";

export type { LeftOutFile, ListOptions, ListPage, ObjectVersion, VersionPage } from "./listing.ts";
export type { ObjectInfo } from "./object-info.ts";
export type { RequestOptions } from "./request-options.ts";

/** What reads return: never a view of a shared buffer, so it fits Blob, Response and subtle. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Half open `[start, end)`, bytes, or the last `suffix` bytes. */
export type ByteRange =
  | { readonly start: number; readonly end?: number | undefined; readonly suffix?: never }
  | { readonly suffix: number; readonly start?: never; readonly end?: never };

/** A range after the size is known: `0 <= start <= end <= size`. */
export interface ResolvedRange {
  readonly start: number;
  readonly end: number;
}

export interface ReadOptions extends RequestOptions {
  /** Default: the whole object. `end` clamps; a `start` beyond the size is `invalid-range`, one at the size reads nothing. */
  readonly range?: ByteRange | undefined;
  readonly versionId?: string | undefined;
  /** Only this version; else `precondition-failed`. */
  readonly ifMatch?: string | undefined;
  /** Only if it is another version; else the result is `"not-modified"` and the sink sees nothing. */
  readonly ifNoneMatch?: string | undefined;
  /** In place of `retry` and `timeouts` until the sink is started, e.g. one quick try while a local copy is at hand. */
  readonly untilStarted?: Pick<RequestOptions, "retry" | "timeouts"> | undefined;
}

export interface StatOptions extends Omit<ReadOptions, "range" | "ifNoneMatch"> {
  /** Ask also for the checksums, which for an object under KMS takes the right to use its key. Default false. */
  readonly checksums?: boolean | undefined;
}

/** Receives the bytes of one read, all from one version. */
export interface BodySink {
  /**
   * Called once before any byte, again only when `restartable`: then everything written so far is void, because the object
   * changed while it was read.
   */
  start(info: ObjectInfo, range: ResolvedRange): void;
  /** A piece in order, valid until the call returns or its promise settles; the promise holds the source back. */
  write(chunk: Uint8Array): void | Promise<void>;
  /**
   * A piece of any place: `offset` counts from the start of the range, bytes. Several may be under way at once, none comes twice,
   * and a read that uses it does not use `write`. Only for sinks that are restartable; without it all pieces come in order.
   */
  readonly writeAt?: ((offset: number, chunk: Uint8Array) => void | Promise<void>) | undefined;
  /** Whether `start` may come again. Default false: a change in mid-read is `changed`. */
  readonly restartable?: boolean | undefined;
}

export interface ReadResult {
  readonly info: ObjectInfo;
  readonly range: ResolvedRange;
  /** What the bytes were held against: a checksum of the server, or only the announced length. */
  readonly verified: "checksum" | "length";
}

/** A body that can be read again when an attempt fails. */
export interface SizedSource {
  readonly sizeBytes: number;
  /**
   * From the first byte, each time: once per try, and once before for S3 servers other than AWS's own, whose signature covers the
   * bytes. Ending early or late is an error of the write (`truncated`).
   */
  open(): AsyncIterable<Uint8Array>;
  /**
   * Bytes `[start, end)`, each time, for what lies at hand, such as a file of this disk: the parts of a large object are then read
   * when they are sent, several at once, and again when one is repeated, instead of being held in memory.
   */
  readonly openRange?: ((start: number, end: number) => AsyncIterable<Uint8Array>) | undefined;
}

/** A body whose end nobody knows yet. It is opened once, and read no faster than it is taken. */
export interface UnsizedSource {
  readonly sizeBytes: undefined;
  open(): AsyncIterable<Uint8Array>;
}

/** What becomes an object: bytes at hand, or a source of known or of unknown length. */
export type WriteBody = Uint8Array | SizedSource | UnsizedSource;

export interface WriteOptions extends RequestOptions {
  /** Replace exactly this version: else `precondition-failed`. */
  readonly ifMatch?: string | undefined;
  /** Create only: else `already-exists`. */
  readonly ifNoneMatch?: "*" | undefined;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly cacheControl?: string | undefined;
  /** One of the store's own words, e.g. `STANDARD_IA`. Only S3 knows classes and tags; elsewhere both mean nothing. */
  readonly storageClass?: string | undefined;
  /** At most 10: RangeError. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Names are kept in lower case; TypeError for one that cannot be a header's. Local files keep no metadata. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /**
   * By what the object is known again when this very write comes a second time; no other write bears it. Then a condition that fails
   * because the first time had been applied is a success. Kept out of sight; only S3 keeps it. Default: one of its own for each
   * conditional write, which ends with the call.
   */
  readonly mark?: string | undefined;
  /** The time that the object is to bear, milliseconds since 1970. Only local files can; elsewhere it means nothing. Default: now. */
  readonly modifiedMs?: number | undefined;
  readonly resume?: ResumableWrite | undefined;
}

export interface WriteResult {
  readonly etag: string;
  readonly sizeBytes: number;
  readonly versionId: string | undefined;
  /** It is not on the server yet: kept on this disk, under an ETag that no server gave. Only where an outbox is on. */
  readonly queued?: true | undefined;
}

export interface DeleteOptions extends RequestOptions {
  /** Delete exactly this version: else `precondition-failed`; missing is `not-found`. */
  readonly ifMatch?: string | undefined;
  readonly versionId?: string | undefined;
  /** Told when the removal waits on this disk instead of being made. Only where an outbox is on. */
  readonly onQueued?: (() => void) | undefined;
}

export interface DeleteManyOptions extends RequestOptions {
  /** By the place of the key: delete exactly this version, else `precondition-failed`; gone already is success. */
  readonly ifMatch?: readonly (string | undefined)[] | undefined;
}

/** What became of one key of `deleteMany`. */
export interface DeletedKey {
  readonly key: string;
  /** `undefined`: it is gone, or was never there. Bears the object's URI. */
  readonly error: EntrepotError | undefined;
  /** It waits on this disk. Only where an outbox is on. */
  readonly queued?: true | undefined;
}

/** Where a server-side copy comes from. */
export interface CopySource {
  readonly store: ObjectStore;
  readonly key: string;
  readonly versionId?: string | undefined;
  /** Copy only this version: else `precondition-failed`. */
  readonly ifMatch?: string | undefined;
}

/**
 * One bucket, one folder of the disk, one memory. Every error carries the object's URI. Errors of every method: not-found
 * (object or bucket), forbidden, unauthenticated, unreachable, timeout, throttled, server-error, protocol, `signal.reason`.
 */
export interface ObjectStore {
  /** The address of this store's root, ending in `/`, e.g. `s3://bucket/`. */
  readonly uri: string;
  /** Reads one version into the sink. Also: precondition-failed, changed, invalid-range, truncated, integrity, archived. */
  read(key: string, sink: BodySink, options?: ReadOptions): Promise<ReadResult | "not-modified">;
  stat(key: string, options?: StatOptions): Promise<ObjectInfo>;
  /**
   * All or nothing. Also: already-exists, precondition-failed, integrity (a byte went wrong on the way), no-space, read-only,
   * unrepresentable-name, unsafe-key.
   */
  write(key: string, body: WriteBody, options?: WriteOptions): Promise<WriteResult>;
  /** Missing is success, unless `ifMatch` is given. */
  delete(key: string, options?: DeleteOptions): Promise<void>;
  /**
   * Deletes many in few requests; only where the store has a way to. Missing is success. One outcome for each key, in the order
   * of the keys, so that one failure hides no other; rejects with `signal.reason` only, and for a caller's mistake.
   */
  readonly deleteMany?:
    | ((keys: readonly string[], options?: DeleteManyOptions) => AsyncIterable<DeletedKey>)
    | undefined;
  /** Streams pages; a missing bucket is not-found, a missing folder lists nothing. Never longer than one page in memory. */
  list(options?: ListOptions): AsyncIterable<ListPage>;
  /** All versions, delete markers among them, in pages; only where the store keeps versions. */
  readonly listVersions?:
    | ((options?: Omit<ListOptions, "startAfter" | "shards">) => AsyncIterable<VersionPage>)
    | undefined;
  /** Copies without moving the bytes through this process; `undefined` when these two stores cannot. */
  copyFrom(source: CopySource, key: string, options?: WriteOptions): Promise<WriteResult | undefined>;
  /**
   * Writes what `read` brings, all or nothing, without holding it: `read` is called once, with a sink that takes pieces in any order.
   * Only stores that write in place have it. Errors of `write` and of `read`.
   */
  receive?(
    key: string,
    read: (sink: BodySink, written: WrittenSoFar) => Promise<ReadResult>,
    options?: WriteOptions,
  ): Promise<{ readonly written: WriteResult; readonly result: ReadResult }>;
  /** Takes away what a resumable write left; gone already is success. `begun` as `onBegun` was told. Errors: those of `delete`. */
  abandonWrite?(key: string, begun: string, options?: RequestOptions): Promise<void>;
  /**
   * Holds bytes that came by several reads, all of them in order, against the checksum that the server keeps of this very version.
   * Only for stores whose servers keep some. Errors: integrity, precondition-failed, those of `stat`.
   */
  verify?(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    options: RequestOptions & { readonly ifMatch: string; readonly versionId?: string | undefined },
  ): Promise<ReadResult["verified"]>;
  /**
   * How many requests a call makes when nothing fails; only for stores that make some. A `list` is one page; a read over several
   * connections may make some less or more. `undefined` for a `copyFrom` that takes a stream.
   */
  requestsOf?(call: PlannedCall): PlannedCosts | undefined;
  close(): Promise<void>;
}

/** What only a store with buckets has. */
export interface BucketStore extends ObjectStore {
  /** Error: already-exists when it is there, ours or another's. */
  createBucket(options?: RequestOptions & { readonly region?: string | undefined }): Promise<void>;
  /** Errors: not-empty, not-found. */
  removeBucket(options?: RequestOptions): Promise<void>;
  /** Uploads below a prefix, in the order of their keys; anybody's. `abandonWrite` takes one away by its `uploadId`. */
  unfinishedUploads?(
    options?: RequestOptions & { readonly prefix?: string | undefined },
  ): AsyncIterable<UnfinishedUpload>;
  /** A URL that works until `expiresMs` (1 s to 7 days) from now have passed. */
  presign(
    key: string,
    options: RequestOptions & {
      readonly method: "GET" | "PUT";
      readonly expiresMs: number;
      readonly versionId?: string | undefined;
    },
  ): Promise<string>;
}
