/** What the verbs of a depot take and give, apart from their options. */
import type { ClassReader, PickleLimits } from "../format/index.ts";
import type { ByteRange, ByteStream, Bytes } from "../store/index.ts";
import type {
  BytesReadOptions,
  DecompressOptions,
  OnError,
  ReadOptions,
  SignalOptions,
  TextOptions,
} from "./options.ts";

/** `unknown` less `undefined`: a schema or a cast says what it is. */
export type Json = {} | null;
/** A cell that CSV can write. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

/** Has an end. Plain JavaScript has no `await using` before Node 24, so everything disposable can also be closed. */
export interface Closable extends AsyncDisposable {
  close(): Promise<void>;
}
/** Random access to one version of an object. */
export interface DataFile extends Closable {
  readonly uri: string;
  readonly etag: string;
  readonly byteLength: number;
  /** As `readRange`. */
  read(range: ByteRange, options?: SignalOptions): Promise<Bytes>;
  bytes(options?: SignalOptions): Promise<Bytes>;
  /** As `Blob.slice`, for readers that take `{ byteLength, slice }`. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  stream(range?: ByteRange, options?: SignalOptions): ByteStream;
  /** These three decode by suffix; read, slice and stream never do. */
  text(options?: SignalOptions & TextOptions): Promise<string>;
  json(options?: SignalOptions & DecompressOptions): Promise<Json>;
  lines(options?: SignalOptions & TextOptions): AsyncIterable<string>;
}
export interface LocalCopy extends Closable {
  /** A real file with the object's suffix. Read it; do not write to it. */
  readonly path: string;
  readonly etag: string;
}
/** How several objects become one folder. */
export interface LocalFolderOptions extends ReadOptions<"throw"> {
  /**
   * `"link"` (default): symbolic links to the local copies, which cost nothing; a tool that resolves a link before it looks for the
   * file beside it would look in the cache. `"copy"`: real files, which share blocks with the copies where the disk can do that.
   */
  readonly files?: "link" | "copy" | undefined;
  /** Only objects whose path below the source matches; linear time. Default: all. */
  readonly match?: RegExp | undefined;
}
/** One object in a local folder. */
export interface LocalFolderFile {
  readonly uri: string;
  /** Below the folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly etag: string;
}
export interface LocalFolder extends LocalCopy {
  /** A folder of this disk. Read what is in it; do not write to it. */
  readonly path: string;
  /** Of all its files: another one when a file is another version, comes or goes. */
  readonly etag: string;
  /** In the order of the source. */
  readonly files: readonly LocalFolderFile[];
}
export interface CsvReadOptions {
  /** One character between two cells. Default `","`. */
  readonly delimiter?: string | undefined;
}
export interface CsvOptions extends CsvReadOptions {
  /** What ends a row, by name or as it is. Default `"lf"`. */
  readonly newline?: "lf" | "crlf" | "\n" | "\r\n" | undefined;
  /** Whether the last row, too, ends with it. Default true. */
  readonly finalNewline?: boolean | undefined;
}
export interface CsvRows {
  readonly false: string[][];
  readonly true: string[];
}
/** How pickles are read. */
export interface PickleReading<E extends OnError = OnError> extends BytesReadOptions<E> {
  /**
   * What becomes of objects of classes that are not data, by `"module.Class"`: a function of the object's state (mostly its attributes,
   * else the arguments of its class), called for inner objects first. Nothing of the class itself is needed here. Default: refused.
   */
  readonly classes?: Readonly<Record<string, ClassReader>> | undefined;
  /** How much a pickle may make. */
  readonly limits?: PickleLimits | undefined;
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
