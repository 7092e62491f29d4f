/**
 * The verbs of a depot, bound to its context: one line each, because the rooms do the work.
 */
import type { Bytes } from "../store/index.ts";
import type { Written } from "../transfer/index.ts";
import { archiveOf } from "./archives/control.ts";
import { withClosedOptions } from "./closed-options.ts";
import type { Context } from "./context.ts";
import type { Depot } from "./depot.ts";
import type { ListOptions, VersionListOptions } from "./entries.ts";
import { localCopyOf, openOf, withLocalCopy } from "./files.ts";
import { globOf } from "./globbing.ts";
import { listOf } from "./listing.ts";
import { manyReadsOf } from "./many/many-reads.ts";
import type { ReadManyOptions } from "./many/types.ts";
import { createBucketOf, existsOf, presignOf, removeBucketOf, statOf, usageOf } from "./objects.ts";
import { readBytesOf, readRangeOf, readRangesOf, readStreamOf, writeBytesOf, writeStreamOf } from "./raw.ts";
import { unwatched } from "./reads/frame.ts";
import { ListingNote } from "./reads/listing-note.ts";
import {
  readCsvOf,
  readJsonOf,
  readLinesOf,
  readTextOf,
  writeCsvOf,
  writeJsonOf,
  writeLinesOf,
  writeTextOf,
} from "./values.ts";
import { versionsOf } from "./version-listing.ts";
import { walkOf } from "./walking.ts";
import { zarrOf } from "./zarr/store.ts";

export type Verbs = Omit<
  Depot,
  "with" | "resolve" | "dataset" | "snapshots" | "cache" | "offline" | "jobs" | "close" | typeof Symbol.asyncDispose
>;

const moving = () => import("./moving.ts");

/**
 * The casts here say what `onError` does to a result: `lenient` gives `undefined` exactly where the declared type allows it,
 * which the compiler cannot follow through a type parameter.
 */
export function verbsOf(context: Context): Verbs {
  return withClosedOptions<Verbs>({
    readText: (from, options) => readTextOf(context, from, options) as Promise<string>,
    readBytes: (from, options) => readBytesOf(context, from, options) as Promise<Bytes>,
    readJson: (from, options) => readJsonOf(context, from, options) as Promise<never>,
    readLines: (from, options) => readLinesOf(context, from, options) as Promise<string[]>,
    readCsv: (from, options) => readCsvOf(context, from, options) as Promise<never>,
    readPickle: async (from, options) =>
      (await import("./pickles.ts")).readPickleOf(context, from, options) as Promise<never>,
    readTable: (async (from: never, options: never) =>
      (await import("./table/read-table.ts")).readTableOf(context, from, options)) as never,
    writeTable: (async (to: never, frame: never, options: never) =>
      (await import("./table/write-table.ts")).writeTableOf(context, to, frame, options)) as never,
    writeText: (to, text, options) => writeTextOf(context, to, text, options) as Promise<Written>,
    writeBytes: (to, bytes, options) => writeBytesOf(context, to, bytes, options) as Promise<Written>,
    writeJson: (to, value, options) => writeJsonOf(context, to, value, options) as Promise<Written>,
    writeLines: (to, lines, options) => writeLinesOf(context, to, lines, options) as Promise<Written>,
    writeCsv: (to, rows, options) => writeCsvOf(context, to, rows, options) as Promise<Written>,
    writePickle: async (to, value, options) =>
      (await import("./pickles.ts")).writePickleOf(context, to, value, options) as Promise<Written>,
    update: async (at, change, options) => (await import("./update.ts")).updateOf(context, at, change, options),
    readMany: (from, options) => manyReadsOf(context, from, options as ReadManyOptions) as never,
    readRange: (from, range, options) => readRangeOf(context, from, range, options),
    readRanges: (from, ranges, options) => readRangesOf(context, from, ranges, options),
    readStream: (from, options) => readStreamOf(context, from, options),
    writeStream: (to, source, options) => writeStreamOf(context, to, source, options),
    open: (from, options) => openOf(context, from, options) as Promise<never>,
    localCopy: ((from: never, use: unknown, options: never) =>
      typeof use === "function"
        ? withLocalCopy(context, from, use as never, options)
        : localCopyOf(context, from, use as never)) as Depot["localCopy"],
    localFolder: (async (from: never, use: unknown, options: never) => {
      const { localFolderOf, withLocalFolder } = await import("./local-folder/local-folder.ts");
      return typeof use === "function"
        ? withLocalFolder(context, from, use as never, options)
        : localFolderOf(context, from, use as never);
    }) as Depot["localFolder"],
    writeFrom: async (to, source, options) =>
      (await import("./write-from.ts")).writeFromOf(context, to, source, options),
    list: ((folder: never, options?: ListOptions | VersionListOptions) =>
      options?.versions === true
        ? versionsOf(context, folder, options)
        : listOf(context, folder, options)) as Depot["list"],
    walk: (folder, options) => walkOf(context, folder, options),
    glob: (pattern, options) => globOf(context, pattern, options),
    stat: (uri, options) => statOf(context, uri, options) as Promise<never>,
    exists: (uri, options) => existsOf(context, uri, options),
    changedSince: async (reads, options) => {
      const { changedSinceOf } = await import("./reads/changed-since.ts");
      const again = { list: listOf, glob: globOf, versions: versionsOf, Note: ListingNote };
      return unwatched(() => changedSinceOf(context, again, reads, options));
    },
    usage: (folder, options) => usageOf(context, folder, options),
    copy: async (from, to, options) => (await moving()).copyOf(context, from, to, options),
    copyNew: async (from, to, options) =>
      (await import("./incremental/copy-new.ts")).copyNewOf(context, from, to, options),
    move: async (from, to, options) => (await moving()).copyOf(context, from, to, { ...options, move: true }),
    sync: async (from, to, options) => (await import("./sync/sync.ts")).syncOf(context, from, to, options),
    remove: async (what, options) => (await moving()).removeOf(context, what, options),
    createBucket: (bucket, options) => createBucketOf(context, bucket, options),
    removeBucket: (bucket, options) => removeBucketOf(context, bucket, options),
    presign: (uri, options) => presignOf(context, uri, options),
    zarr: (folder, options) => zarrOf(context, folder, options),
    pack: async (fromDir, to, options) => (await import("./archives/pack.ts")).packOf(context, fromDir, to, options),
    unpack: async (from, toDir, options) =>
      (await import("./archives/unpack.ts")).unpackOf(context, from, toDir, options),
    archive: (address, options) => archiveOf(context, address, options),
  });
}
