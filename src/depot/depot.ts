/** The front, as types: what `entrepot()` gives. An object of bound functions, so that it may be destructured. */
import type { PickleProtocol } from "../format/index.ts";
import type { ByteRange, ByteStream, Bytes } from "../store/index.ts";
import type { TransferReport, Usage, Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import type { Archive, ArchiveOptions, PackOptions, UnpackOptions } from "./archives/types.ts";
import type { CacheControl } from "./cache-types.ts";
import type { Dataset } from "./dataset/types.ts";
import type {
  DeleteMarkerEntry,
  EntryOf,
  GlobOptions,
  Listing,
  ListOptions,
  ObjectStat,
  Sources,
  VersionEntry,
  VersionListOptions,
  WalkedFolder,
  WalkOptions,
} from "./entries.ts";
import type { CopyNewOptions, NewReport } from "./incremental/types.ts";
import type { Jobs } from "./jobs/types.ts";
import type { ManyForm, ManyItem, ManyReads, ReadManyOptions } from "./many/types.ts";
import type { CopyOptions, MoveOptions, RemoveOptions } from "./moving-options.ts";
import type { Offline } from "./offline-types.ts";
import type {
  AskOptions,
  Awaitable,
  BytesReadOptions,
  DecodeOptions,
  EncodeOptions,
  LocalPath,
  OnError,
  OnWriteError,
  Otherwise,
  Overrides,
  ReadOptions,
  SignalOptions,
  VersionReadOptions,
  WriteSettings,
} from "./options.ts";
import type { ChangedRead } from "./reads/changed-read.ts";
import type { SeenRead } from "./reads/seen-read.ts";
import type { Snapshots } from "./snapshots/types.ts";
import type { SyncOptions, SyncReport } from "./sync/types.ts";
import type { TableVerbs } from "./table/verbs.ts";
import type { Duration } from "./units.ts";
import type {
  Cell,
  Closable,
  CsvOptions,
  CsvReadOptions,
  CsvRows,
  DataFile,
  Json,
  LocalCopy,
  LocalFolder,
  LocalFolderOptions,
  PickleReading,
  SchemaOutput,
  StandardSchema,
} from "./verb-types.ts";
import type { ZarrOptions, ZarrStore } from "./zarr/types.ts";

export type * from "./verb-types.ts";

/** One address for local and S3 data. `Depot<"local" | "cloud">` fits `Depot`. */
export interface Depot<L extends string = string> extends Closable, TableVerbs {
  /** The same rooms with other settings; shares connections and cache. */
  with(overrides: Overrides<L>): Depot<L>;
  /** The full URI that an address stands for; `location` and `for` (default `"read"`) choose the root. Error: misconfigured for a location that there is none of. */
  resolve(
    address: Address,
    options?: { readonly location?: L | undefined; readonly for?: "read" | "write" | undefined },
  ): string;

  /** The object as text, decompressed by its suffix. Errors: not-found, malformed, and those of the network and the store. */
  readText<E extends OnError = "throw">(from: Address, options?: DecodeOptions<E>): Promise<string | Otherwise[E]>;
  /** The stored bytes, decoded only when `decompress` says so. */
  readBytes<E extends OnError = "throw">(from: Address, options?: VersionReadOptions<E>): Promise<Bytes | Otherwise[E]>;
  /** The object as JSON; `schema` (any Standard Schema) checks it and gives it its type. Error: malformed, with line and column. */
  readJson<S extends StandardSchema | undefined = undefined, E extends OnError = "throw">(
    from: Address,
    options?: DecodeOptions<E> & { readonly schema?: S },
  ): Promise<SchemaOutput<S> | Otherwise[E]>;
  /** The lines without their ends; `limit`, from 0, fetches only as much as so many lines need. Default: all, read whole. */
  readLines<E extends OnError = "throw">(
    from: Address,
    options?: DecodeOptions<E> & { readonly limit?: number | undefined },
  ): Promise<string[] | Otherwise[E]>;
  /** Rows of cells, all text, by RFC 4180; `raw` gives row texts, `limit` as for `readLines`. Error: malformed, with the row. */
  readCsv<R extends boolean = false, E extends OnError = "throw">(
    from: Address,
    options?: DecodeOptions<E> & CsvReadOptions & { readonly raw?: R | undefined; readonly limit?: number | undefined },
  ): Promise<CsvRows[`${R}`] | Otherwise[E]>;
  /**
   * A Python pickle as data, decompressed by its suffix; no code of it is run. None, bool, int (bigint beyond 2^53), float, str, bytes,
   * list; a tuple is a frozen array, a dict an object without a prototype while its keys are text, else a Map; the rest are `Pickled…`
   * values, arrays and frames (docs/guide.md says what becomes of each type). Errors: unsupported, with the name of a class and of the
   * column it lies in, unless `classes` says what becomes of it; truncated, malformed; limit-exceeded by `limits`.
   */
  readPickle<S extends StandardSchema | undefined = undefined, E extends OnError = "throw">(
    from: Address,
    options?: PickleReading<E> & { readonly schema?: S },
  ): Promise<SchemaOutput<S> | Otherwise[E]>;
  /** Writes UTF-8, compressed by suffix or `compress`. All or nothing. Errors: already-exists and precondition-failed under a condition. */
  writeText<E extends OnWriteError = "throw">(
    to: Address,
    text: string,
    options?: EncodeOptions<E>,
  ): Promise<Written | Otherwise[E]>;
  /** Writes bytes as they are, unless `compress` says otherwise. All or nothing. */
  writeBytes<E extends OnWriteError = "throw">(
    to: Address,
    bytes: Uint8Array | ArrayBuffer,
    options?: EncodeOptions<E>,
  ): Promise<Written | Otherwise[E]>;
  /** Writes JSON; `indent` in spaces, default none. TypeError for what JSON cannot hold: promises, functions, bigint, Map, Set, NaN. */
  writeJson<E extends OnWriteError = "throw">(
    to: Address,
    value: Json,
    options?: EncodeOptions<E> & { readonly indent?: number | undefined },
  ): Promise<Written | Otherwise[E]>;
  /** Writes each line with a line feed, as it comes: flat memory. TypeError for a line that would be read back as two. */
  writeLines<E extends OnWriteError = "throw">(
    to: Address,
    lines: (Iterable<string> & object) | AsyncIterable<string>,
    options?: EncodeOptions<E>,
  ): Promise<Written | Otherwise[E]>;
  /** Writes rows, quoted only where needed, with a final newline: flat memory. */
  writeCsv<E extends OnWriteError = "throw">(
    to: Address,
    rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
    options?: EncodeOptions<E> & CsvOptions,
  ): Promise<Written | Otherwise[E]>;
  /**
   * Writes a pickle that `pickle.load` and `pandas.read_pickle` load: plain values, what `readPickle` gives, typed arrays as numpy's.
   * `protocol` 2 to 5, default 4. TypeError for what Python has no equal of: functions, promises, objects of other classes.
   */
  writePickle<E extends OnWriteError = "throw">(
    to: Address,
    value: Json,
    options?: EncodeOptions<E> & { readonly protocol?: PickleProtocol | undefined },
  ): Promise<Written | Otherwise[E]>;
  /**
   * The compare-and-swap loop: `change` sees the current value, or `undefined`, and is called again when someone was faster.
   * Text that it gives goes by suffix, bytes are stored as they are. Error: precondition-failed after 20 swaps and `retries.budget`.
   */
  update(
    at: Address,
    change: (current: DataFile | undefined) => Awaitable<string | Uint8Array>,
    options?: WriteSettings<"throw">,
  ): Promise<Written>;

  /**
   * Many objects, those of a folder (final `/`), a listing or a list, as one stream in the order of the source: `{ uri, path, etag,
   * sizeBytes }` with what `as` says. The next ones are fetched while one is read. Nothing there is nothing read. Asks for no object twice.
   */
  readMany<A extends ManyForm = "bytes", S extends StandardSchema | undefined = undefined>(
    from: Address | Sources,
    options?: ReadManyOptions<A, S>,
  ): ManyReads<ManyItem<A, S>>;

  /** Stored bytes `[start, end)` or the last ones; `end` clamps, a `start` beyond the size is invalid-range. RangeError for no range. */
  readRange(from: Address, range: ByteRange, options?: ReadOptions<"throw">): Promise<Bytes>;
  /** Neighbours merged, order kept, one version. */
  readRanges(from: Address, ranges: readonly ByteRange[], options?: ReadOptions<"throw">): Promise<Bytes[]>;
  /** The stored bytes as they arrive, decoded only when `decompress` says so. Ends with a TypeError when the depot is closed before. */
  readStream(
    from: Address,
    options?: BytesReadOptions<"throw"> & { readonly range?: ByteRange | undefined },
  ): ByteStream;
  /**
   * A stream of any length, as it comes: on S3 in parts, of which up to 48 MiB are held (from 330 GiB on more). Nothing is visible until the source has ended
   * well, and nothing is left if it does not. Also: limit-exceeded beyond 1 TiB, where only a known size goes further.
   */
  writeStream(
    to: Address,
    source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
    options?: EncodeOptions<"throw">,
  ): Promise<Written>;

  /** Random access to one version; a replacement in between is `changed`, never a mixture. Close it. */
  open<E extends OnError = "throw">(from: Address, options?: AskOptions<E>): Promise<DataFile | Otherwise[E]>;
  /** A real file for tools that want a path, verified, held until it is closed; the callback form closes by itself. */
  localCopy<E extends OnError = "throw">(from: Address, options?: ReadOptions<E>): Promise<LocalCopy | Otherwise[E]>;
  localCopy<T>(
    from: Address,
    use: (path: string, signal: AbortSignal) => Awaitable<T>,
    options?: ReadOptions<"throw">,
  ): Promise<T>;
  /**
   * Several objects as real files side by side, under their own names: those of a folder (final `/`) or listing under their paths in it,
   * those of a list under their last names. All or nothing, fetched at the same time, each validated and held as by `localCopy`. Errors
   * before anything is fetched: not-found when there is nothing, already-exists for a name twice, unsafe-key and unrepresentable-name.
   */
  localFolder(from: Address | Sources, options?: LocalFolderOptions): Promise<LocalFolder>;
  localFolder<T>(
    from: Address | Sources,
    use: (path: string, signal: AbortSignal) => Awaitable<T>,
    options?: LocalFolderOptions,
  ): Promise<T>;
  /** Publishes what the callback wrote to its path when it ends; nothing if it throws. */
  writeFrom(
    to: Address,
    source: LocalPath | ((path: string, signal: AbortSignal) => Awaitable<void>),
    options?: EncodeOptions<"throw">,
  ): Promise<Written>;

  /** The objects below a folder, as a stream in key order; nothing is remembered. A missing folder lists nothing, a missing bucket is not-found. */
  list<K extends keyof EntryOf = "object">(folder: Address, options?: ListOptions<K>): Listing<EntryOf[K]>;
  /** All versions of the objects below a folder, the newest of each first. Error: unsupported where none are kept. */
  list(folder: Address, options: VersionListOptions): Listing<VersionEntry | DeleteMarkerEntry>;
  /**
   * The folder, then each below it before its own, in key order, with what lies in it. A caller who takes entries away from `folders`
   * keeps the walk out of them. One request for a folder with less than a thousand objects at all depths, else one more per level.
   */
  walk(folder: Address, options?: WalkOptions): Listing<WalkedFolder>;
  /** `* ? [a-z] [!a] {a,b} **`; the literal part is what the server is asked for. */
  glob<K extends keyof EntryOf = "object">(
    pattern: string | readonly string[],
    options?: GlobOptions<K>,
  ): Listing<EntryOf[K]>;
  /** Size, time, ETag and version of one object. Error: not-found. */
  stat<E extends OnError = "throw">(uri: Address, options?: AskOptions<E>): Promise<ObjectStat | Otherwise[E]>;
  /** False only when it is certain: forbidden and unreachable throw. A final `/` asks whether anything lies below. */
  exists(uri: Address, options?: SignalOptions): Promise<boolean>;
  /** What of these reads (see `recordReads`) would be another today, in their order: by ETag, in few requests. Rejects for an abort only. */
  changedSince(reads: readonly SeenRead[], options?: SignalOptions): Promise<ChangedRead[]>;
  /** How many objects lie below a folder, and how large they are together. */
  usage(folder: Address, options?: ListOptions<"object">): Promise<Usage>;

  /**
   * One object to a name or into a folder (final `/`), or the contents of a folder (final `/`), a listing or a list into a folder.
   * Within one service no bytes move through this process, but where its server cannot copy one version, or is not AWS and there is a
   * condition; storage class and tags then stay behind. Errors: not-found when there is nothing to copy; else see `onError`.
   */
  copy(from: Address | Sources, to: Address, options?: CopyOptions): Promise<TransferReport>;
  /**
   * Copies from one folder into another what the source has now and had not the last time, by name, ETag and size, with one listing
   * and no request for what is the same; late arrivals come the next time. `completeWhen` leaves out what is not whole yet. Each file
   * is taken once, and `onNew` told of it, however often this is called: what was taken is remembered on this disk. Errors: busy while
   * another process does the same; else as `copy`, but nothing new is no error.
   */
  copyNew(from: Address, to: Address, options?: CopyNewOptions): Promise<NewReport>;
  /** A copy that then removes exactly the version that it copied. Error: changed when a newer one was written meanwhile. */
  move(from: Address | Sources, to: Address, options?: MoveOptions): Promise<TransferReport>;
  /**
   * Makes one folder like another, with or without their `/`: copies what is new or differs (see `Compare`), and with `delete` removes
   * what the source does not hold, last and only if all copies succeeded. Files that are fetched bear the time of their object. A
   * target in its source is left out of it. Errors, before anything is done: not-found for a source without objects, limit-exceeded
   * (`deleteLimit`), invalid-address for a source in its target, unreachable for S3 offline; else see `onError`.
   */
  sync(from: Address, to: Address, options?: SyncOptions): Promise<SyncReport>;
  /**
   * Missing is success; a folder needs `recursive` (TypeError). `ifMatch`: only this version, else precondition-failed. S3 removes
   * up to a thousand objects by one request, each with an outcome of its own.
   */
  remove(what: Address | Sources, options?: RemoveOptions): Promise<TransferReport>;
  /** `region`: where it is made, default that of the settings. Errors: already-exists when it is there, ours or another's. */
  createBucket(bucket: Address, options?: SignalOptions & { readonly region?: string | undefined }): Promise<void>;
  /** Errors: not-empty, not-found. */
  removeBucket(bucket: Address, options?: SignalOptions): Promise<void>;
  /** A URL for those without credentials: `method` default GET, `expiresIn` default 1 hour, 1 second to 7 days (RangeError). */
  presign(
    uri: Address,
    options?: SignalOptions & {
      readonly expiresIn?: Duration | undefined;
      readonly method?: "GET" | "PUT" | undefined;
    },
  ): Promise<string>;
  /** A Zarr hierarchy, version 2 or 3, as the store that zarrita reads from, and its tree. Asks for nothing by itself. */
  zarr(folder: Address, options?: ZarrOptions): ZarrStore;
  /** A folder of many files that changes as one: published by compare-and-swap, read one generation at a time. Asks for nothing by itself. */
  dataset(folder: Address): Dataset<Depot<L>>;
  /**
   * A folder of this disk becomes one archive, as a stream: zip, tar, or a tar that is compressed, by the suffix. The same files make the
   * same bytes. Nothing is visible until all of it is there. Links are followed. Errors: unsupported for a name that says no format,
   * unsafe-key and unrepresentable-name for names that no archive should hold, changed for a file that is written to meanwhile.
   */
  pack(fromDir: LocalPath, to: Address, options?: PackOptions): Promise<TransferReport>;
  /**
   * An archive becomes a folder of this disk, without a folder of its own around it: all of it or nothing, but for a merge (`existing`).
   * What would leave the folder, links, devices, names twice or all but the same, and bombs are refused. Errors: not-empty for a folder that holds something (see
   * `existing`), unsafe-key, unrepresentable-name, malformed, integrity, truncated, limit-exceeded, unsupported.
   */
  unpack(from: Address, toDir: LocalPath, options?: UnpackOptions): Promise<TransferReport>;
  /** One archive, to be looked into: its list, and single members, of a zip by ranges. Asks for nothing by itself. */
  archive(address: Address, options?: ArchiveOptions): Archive;
  /** Named folders between runs. */
  readonly snapshots: Snapshots;
  readonly cache: CacheControl;
  readonly offline: Offline;
  /** Transfers that were interrupted or failed. */
  readonly jobs: Jobs;
}
