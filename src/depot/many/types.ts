/** What `readMany` takes and gives, as types. */
import type { EntrepotError } from "../../error/index.ts";
import type { ByteStream, Bytes } from "../../store/index.ts";
import type { FilterOptions } from "../filters/filter-options.ts";
import type { CallOptions, TextOptions } from "../options.ts";
import type { SchemaOutput, StandardSchema } from "../verb-types.ts";

/** Which of the objects an item is. */
export interface ManyEntry {
  readonly uri: string;
  /** Below the folder that was named or listed; the last name for one of a list. */
  readonly path: string;
  /** Of the version that was read. */
  readonly etag: string;
  /** As it is stored. */
  readonly sizeBytes: number;
}

/** What an item holds, by the `as` that was asked for. */
export interface ManyValues<S extends StandardSchema | undefined = undefined> {
  readonly bytes: { readonly bytes: Bytes };
  readonly text: { readonly text: string };
  readonly lines: { readonly lines: string[] };
  readonly json: { readonly json: SchemaOutput<S> };
  /** To be read before the next item is asked for, which ends it. From 8 MiB on the bytes come as they arrive. */
  readonly stream: { readonly stream: ByteStream };
}
export type ManyForm = keyof ManyValues;
export type ManyItem<A extends ManyForm, S extends StandardSchema | undefined = undefined> = ManyEntry &
  ManyValues<S>[A];

/** How many objects are read. */
export interface ReadManyOptions<
  A extends ManyForm = ManyForm,
  S extends StandardSchema | undefined = StandardSchema | undefined,
> extends CallOptions,
    TextOptions,
    FilterOptions {
  /** What each object becomes. Default `"bytes"`, as they are stored; text, lines and JSON decode by suffix. */
  readonly as?: A | undefined;
  /** Checks each JSON value and gives it its type. Only with `as: "json"`. */
  readonly schema?: S;
  /** Only objects whose path matches; linear time, so no look-around and no back-references. Default: all. */
  readonly match?: RegExp | undefined;
  /** The address is a string that keys begin with, not a folder. Default false. */
  readonly prefix?: boolean | undefined;
  /**
   * Objects that are fetched or held before they are asked for, with the one that is read now, from 1. Default twice the depot's
   * `concurrency`. Together they hold no more than the depot's `memory`, but for one that is larger. RangeError.
   */
  readonly lookAhead?: number | undefined;
  /**
   * What becomes of an object that cannot be read or decoded. `"throw"` (default): its error, after all objects before it.
   * `"allow-missing"` leaves out those that are gone, `"warn"` and `"ignore"` every one, unless some of it has been given.
   */
  readonly onError?: "throw" | "allow-missing" | "warn" | "ignore" | undefined;
  /** Told of each object that is left out, by the error that names it, in order. Must not throw. */
  readonly onSkipped?: ((error: EntrepotError) => void) | undefined;
  /** As for one read. Default `"use"`. */
  readonly cache?: "use" | "bypass" | "refresh" | undefined;
}

export interface ManyLine {
  readonly uri: string;
  readonly path: string;
  readonly line: string;
}

export interface ManyLinesOptions {
  /**
   * Each object begins with the same header: it is given once. An object whose first line is another one is `malformed`.
   * Default false: all lines.
   */
  readonly header?: boolean | undefined;
}

/** The objects in order; asks anew each time it is iterated. Leaving the loop ends what is under way. */
export interface ManyReads<T> extends AsyncIterable<T> {
  toArray(): Promise<T[]>;
  /** The lines of all objects, one after the other, each with where it comes from. Decoded by suffix; flat memory. */
  lines(options?: ManyLinesOptions): AsyncIterable<ManyLine>;
  /** The bytes of all objects as one stream; decoded only when `decompress` says so. */
  stream(): ByteStream;
}
