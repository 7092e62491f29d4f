/**
 * The front, as types: what `entrepot()` gives. An object of bound functions, so that it may be destructured.
 */
import type { CacheEntry, Usage } from "../cache/index.ts";
import type { ByteRange, ByteStream, Bytes } from "../store/index.ts";
import type { TransferReport, Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import type {
  Awaitable,
  CallOptions,
  Compression,
  DecodeOptions,
  EncodeOptions,
  LocalPath,
  OnError,
  OnWriteError,
  Otherwise,
  Overrides,
  ReadOptions,
  TransferOptions,
  WriteCondition,
  WriteSettings,
} from "./options.ts";
import type { ByteSize, Duration } from "./units.ts";

/** Many objects: a listing, a glob, a list of addresses. */
export type Sources = readonly Address[] | AsyncIterable<string | { readonly uri: string }>;

/** `unknown` less `undefined`: a schema or a cast says what it is. */
export type Json = {} | null;
/** A cell that CSV can write. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

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
export interface FolderEntry extends AnyEntry {
  readonly kind: "folder";
}
export interface EntryOf {
  readonly object: ObjectEntry;
  readonly folder: FolderEntry;
  readonly any: ObjectEntry | FolderEntry;
}
/** Entries as they arrive, in the keys' UTF-8 byte order; lists anew each time it is iterated. */
export interface Listing<T> extends AsyncIterable<T> {
  toArray(): Promise<T[]>;
  uris(): Promise<string[]>;
}
export interface ListOptions<K extends keyof EntryOf = keyof EntryOf> extends CallOptions {
  /** Default `"object"`. */
  readonly kind?: K | undefined;
  /** Levels below the folder; 1 lists the folder itself. Default: all. */
  readonly depth?: number | undefined;
  /** Searched for in `entry.path`, in linear time: no look-around, no back-references. */
  readonly match?: RegExp | undefined;
  /** The address is a string that keys begin with, not a folder. Default false. */
  readonly prefix?: boolean | undefined;
}

/** Has an end. Plain JavaScript has no `await using` before Node 24, so everything disposable can also be closed. */
export interface Closable extends AsyncDisposable {
  close(): Promise<void>;
}
/** Random access to one version of an object. */
export interface DataFile extends Closable {
  readonly uri: string;
  readonly etag: string;
  readonly byteLength: number;
  read(range: ByteRange, options?: CallOptions): Promise<Bytes>;
  bytes(options?: CallOptions): Promise<Bytes>;
  /** As `Blob.slice`, for readers that take `{ byteLength, slice }`. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  stream(range?: ByteRange): ByteStream;
  /** These three decode by suffix; read, slice and stream never do. */
  text(): Promise<string>;
  json(): Promise<Json>;
  lines(options?: DecodeOptions): AsyncIterable<string>;
}
export interface LocalCopy extends Closable {
  /** A real file with the object's suffix. Read it; do not write to it. */
  readonly path: string;
  readonly etag: string;
}
export interface CsvOptions {
  readonly delimiter?: string | undefined;
  readonly newline?: "\n" | "\r\n" | undefined;
}
export interface CsvRows {
  readonly false: string[][];
  readonly true: string[];
}

/** https://standardschema.dev, by shape. */
export interface StandardSchema<In = unknown, Out = In> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: In; readonly output: Out } | undefined;
  };
}
export type SchemaOutput<S> = S extends StandardSchema<infer _In, infer Out> ? Out : Json;

export interface PruneLimits {
  readonly maxBytes?: ByteSize | undefined;
  readonly olderThan?: Duration | Date | undefined;
  readonly unusedFor?: Duration | undefined;
}
/** Always there; with `cache: false` it is empty and `enabled` is false. */
export interface CacheControl {
  readonly enabled: boolean;
  readonly dir: string;
  stats(): Promise<Usage & { readonly maxBytes: number | undefined; readonly pinned: Usage }>;
  /** Each copy of an object at this address or in the folder there; `run1` is not `run10/`. */
  list(folder?: Address): Listing<CacheEntry>;
  /** Removes what exceeds the limits, least recently used first; never what this process reads or any process holds. */
  prune(limits: PruneLimits, options?: TransferOptions): Promise<TransferReport>;
  verify(
    options?: CallOptions & { readonly repair?: boolean | undefined },
  ): Promise<{ readonly checked: Usage; readonly damaged: readonly CacheEntry[] }>;
  clear(folder?: Address, options?: TransferOptions): Promise<TransferReport>;
}

/** One address for local and S3 data. `Depot<"local" | "cloud">` fits `Depot`. */
export interface Depot<L extends string = string> extends Closable {
  /** The same rooms with other settings; shares connections and cache. */
  with(overrides: Overrides<L>): Depot<L>;
  /** The full URI that an address stands for. */
  resolve(
    address: Address,
    options?: { readonly location?: L | undefined; readonly for?: "read" | "write" | undefined },
  ): string;

  readText<E extends OnError = "throw">(from: Address, options?: DecodeOptions<E>): Promise<string | Otherwise[E]>;
  readBytes<E extends OnError = "throw">(from: Address, options?: DecodeOptions<E>): Promise<Bytes | Otherwise[E]>;
  readJson<S extends StandardSchema | undefined = undefined, E extends OnError = "throw">(
    from: Address,
    options?: DecodeOptions<E> & { readonly schema?: S },
  ): Promise<SchemaOutput<S> | Otherwise[E]>;
  /** `limit` fetches kilobytes, not the object. */
  readLines<E extends OnError = "throw">(
    from: Address,
    options?: DecodeOptions<E> & { readonly limit?: number | undefined },
  ): Promise<string[] | Otherwise[E]>;
  readCsv<R extends boolean = false, E extends OnError = "throw">(
    from: Address,
    options?: DecodeOptions<E> & CsvOptions & { readonly raw?: R | undefined; readonly limit?: number | undefined },
  ): Promise<CsvRows[`${R}`] | Otherwise[E]>;
  writeText<E extends OnWriteError = "throw">(
    to: Address,
    text: string,
    options?: EncodeOptions<E>,
  ): Promise<Written | Otherwise[E]>;
  writeBytes<E extends OnWriteError = "throw">(
    to: Address,
    bytes: Uint8Array | ArrayBuffer,
    options?: EncodeOptions<E>,
  ): Promise<Written | Otherwise[E]>;
  writeJson<E extends OnWriteError = "throw">(
    to: Address,
    value: Json,
    options?: EncodeOptions<E> & { readonly indent?: number | undefined },
  ): Promise<Written | Otherwise[E]>;
  writeLines<E extends OnWriteError = "throw">(
    to: Address,
    lines: (Iterable<string> & object) | AsyncIterable<string>,
    options?: EncodeOptions<E>,
  ): Promise<Written | Otherwise[E]>;
  writeCsv<E extends OnWriteError = "throw">(
    to: Address,
    rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
    options?: EncodeOptions<E> & CsvOptions,
  ): Promise<Written | Otherwise[E]>;
  /** The compare-and-swap loop: `change` sees the current value, or `undefined`, and is called again when someone was faster. */
  update(
    at: Address,
    change: (current: DataFile | undefined) => Awaitable<string | Uint8Array>,
    options?: WriteSettings<"throw">,
  ): Promise<Written>;

  readRange(from: Address, range: ByteRange, options?: ReadOptions<"throw">): Promise<Bytes>;
  /** Neighbours merged, order kept, one version. */
  readRanges(from: Address, ranges: readonly ByteRange[], options?: ReadOptions<"throw">): Promise<Bytes[]>;
  readStream(from: Address, options?: DecodeOptions<"throw"> & { readonly range?: ByteRange | undefined }): ByteStream;
  /** Nothing is visible until the source has ended well. */
  writeStream(
    to: Address,
    source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
    options?: EncodeOptions<"throw">,
  ): Promise<Written>;

  open<E extends OnError = "throw">(from: Address, options?: ReadOptions<E>): Promise<DataFile | Otherwise[E]>;
  localCopy<E extends OnError = "throw">(from: Address, options?: ReadOptions<E>): Promise<LocalCopy | Otherwise[E]>;
  localCopy<T>(
    from: Address,
    use: (path: string, signal: AbortSignal) => Awaitable<T>,
    options?: ReadOptions<"throw">,
  ): Promise<T>;
  /** Publishes what the callback wrote to its path when it ends; nothing if it throws. */
  writeFrom(
    to: Address,
    source: LocalPath | ((path: string, signal: AbortSignal) => Awaitable<void>),
    options?: EncodeOptions<"throw">,
  ): Promise<Written>;

  list<K extends keyof EntryOf = "object">(folder: Address, options?: ListOptions<K>): Listing<EntryOf[K]>;
  /** `* ? [a-z] [!a] {a,b} **`; the literal part is what the server is asked for. */
  glob<K extends keyof EntryOf = "object">(
    pattern: string | readonly string[],
    options?: ListOptions<K>,
  ): Listing<EntryOf[K]>;
  stat<E extends OnError = "throw">(uri: Address, options?: ReadOptions<E>): Promise<ObjectEntry | Otherwise[E]>;
  /** False only when it is certain: forbidden and unreachable throw. A final `/` asks whether anything lies below. */
  exists(uri: Address, options?: CallOptions): Promise<boolean>;
  usage(folder: Address, options?: ListOptions<"object">): Promise<Usage>;

  copy(
    from: Address | Sources,
    to: Address,
    options?: TransferOptions &
      WriteCondition & {
        readonly compress?: Compression | false | undefined;
        readonly decompress?: boolean | undefined;
      },
  ): Promise<TransferReport>;
  move(from: Address | Sources, to: Address, options?: TransferOptions & WriteCondition): Promise<TransferReport>;
  /** Missing is success; a folder needs `recursive`. */
  remove(
    what: Address | Sources,
    options?: TransferOptions & { readonly recursive?: boolean | undefined; readonly ifMatch?: string },
  ): Promise<TransferReport>;
  createBucket(bucket: Address, options?: CallOptions & { readonly region?: string | undefined }): Promise<void>;
  removeBucket(bucket: Address, options?: CallOptions): Promise<void>;
  /** A URL for those without credentials. Default 1 hour, at most 7 days. */
  presign(
    uri: Address,
    options?: CallOptions & { readonly expiresIn?: Duration | undefined; readonly method?: "GET" | "PUT" | undefined },
  ): Promise<string>;
  readonly cache: CacheControl;
}
