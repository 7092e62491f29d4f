/** An archive from anywhere becomes a folder of this disk: staged beside it, and all of it or nothing. */
import { resolve } from "node:path";
import {
  type ArchiveFormat,
  ArchiveMeter,
  compressionOf,
  distinctEntries,
  formatOf,
  openStaging,
  openTarget,
  publishFolder,
  putEntries,
  readTar,
  readZip,
  type SkippedEntry,
  type UnpackEntry,
  ZipIndex,
  type ZipSource,
} from "../../archive/index.ts";
import { decode } from "../../codec/index.ts";
import { wrongValue } from "../../error/index.ts";
import { readStream } from "../../store/index.ts";
import type { TransferReport } from "../../transfer/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { diskPath } from "../disk-file.ts";
import type { FileSource } from "../file-source.ts";
import { copyAt, openSource } from "../files.ts";
import { linearMatcher } from "../linear-matcher.ts";
import type { LocalPath } from "../options.ts";
import { readableOf } from "../raw.ts";
import { parseByteSize } from "../units.ts";
import { ArchiveReport } from "./archive-report.ts";
import type { UnpackOptions } from "./types.ts";
import { fileAsZip, rangesAsZip } from "./zip-sources.ts";

export async function unpackOf(
  context: Context,
  from: Address,
  toDir: LocalPath,
  options: UnpackOptions = {},
): Promise<TransferReport> {
  if (toDir === undefined) throw wrongValue("the second argument", "unpack()", "a folder of this disk", toDir);
  const place = await context.place(from, "read");
  const format = formatOf(place.key, place.uri, options.format);
  return unpackFrom(context, place, format, resolve(diskPath(context, toDir)), options);
}

type Entries = AsyncIterable<UnpackEntry | SkippedEntry>;

/** What was read, and not what is there by now. */
export interface ReadVersion {
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** `folder` is an absolute path. `onRead` is told of the version of a zip. */
export async function unpackFrom(
  context: Context,
  place: Place,
  format: ArchiveFormat,
  folder: string,
  options: UnpackOptions,
  onRead?: (version: ReadVersion) => void,
): Promise<TransferReport> {
  const { disk } = context;
  const { dryRun = false, existing = "refuse", match, similarNames = "refuse" } = options;
  const signal = signalOf(context, options);
  const report = new ArchiveReport(context, place.uri, options);
  const matches = match && (await linearMatcher(match));
  const target = await openTarget(disk, folder, existing);
  const told = (entry: UnpackEntry | SkippedEntry) => {
    const named = () => ({ uri: place.uri, target: formatUri({ scheme: "file", path: `${target}/${entry.path}` }) });
    if (entry.kind === "file") report.file(named, entry.sizeBytes);
    else if (entry.kind !== "folder") report.skipped(named, "a link");
  };
  const chosen = (entries: Entries): Entries => {
    const some = chosenOf(entries, matches, signal);
    return similarNames === "keep" ? some : distinctEntries(some, place.uri);
  };
  if (dryRun) {
    await withEntries(context, place, format, options, report, async (entries) => {
      for await (const entry of chosen(entries)) told(entry);
    });
    return report.done();
  }
  const staging = await openStaging(disk, target);
  try {
    const put = (entries: Entries) =>
      putEntries(disk, staging.path, chosen(entries), {
        uri: place.uri,
        signal,
        onEntry: told,
        onBytes: (count) => report.bytes(count),
      });
    await withEntries(context, place, format, options, report, put, onRead);
    signal?.throwIfAborted();
    await publishFolder(disk, staging, target, existing);
  } finally {
    await staging.close();
  }
  return report.done();
}

/** What a run takes, and a dry run speaks of. With a choice among names there are no folders of their own. */
async function* chosenOf(
  entries: Entries,
  matches: ((path: string) => boolean) | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<UnpackEntry | SkippedEntry> {
  for await (const entry of entries) {
    signal?.throwIfAborted();
    if (matches === undefined || (entry.kind !== "folder" && matches(entry.path))) yield entry;
  }
}

/** Opens the archive for as long as `use` reads it. */
async function withEntries(
  context: Context,
  place: Place,
  format: ArchiveFormat,
  options: UnpackOptions,
  report: ArchiveReport,
  use: (entries: Entries) => Promise<void>,
  onRead?: (version: ReadVersion) => void,
): Promise<void> {
  const { maxEntries, maxRatio, maxBytes, links = "refuse", dryRun, cache } = options;
  const signal = signalOf(context, options);
  const { uri } = place;
  const limits = { maxEntries, maxRatio, maxBytes: maxBytes === undefined ? undefined : parseByteSize(maxBytes) };
  const meter = new ArchiveMeter(uri, limits);
  if (format !== "zip") {
    const stored = storedBytes(place, cache, signal);
    const compression = compressionOf(format);
    const tar = compression === undefined ? stored : decode(compression, stored, { uri, maxRatio, signal });
    return use(readTar(tar, { uri, meter, links }));
  }
  const opened = dryRun === true ? await openRanges(context, place, options) : await openCopy(context, place, options);
  try {
    if (opened.version !== undefined) onRead?.({ ...opened.version, sizeBytes: opened.source.sizeBytes });
    const index = await ZipIndex.open(opened.source, new ArchiveMeter(uri, limits));
    report.expect(index.entries, undefined);
    await use(readZip(index, { meter, links }));
  } finally {
    await opened.close();
  }
}

/** The stored bytes as they come, through the cache unless told otherwise. */
export function storedBytes(
  place: Place,
  cache: UnpackOptions["cache"],
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  return readStream(readableOf(place, { cache }), place.key, { signal, versionId: place.versionId });
}

interface OpenedZip {
  readonly source: ZipSource;
  readonly version?: Pick<ReadVersion, "etag" | "modifiedMs">;
  close(): Promise<void>;
}

/** Ranges of one version, or of the local copy: for those who want little of it. Close it. */
export function openExact(
  context: Context,
  place: Place,
  cache: UnpackOptions["cache"],
  signal: AbortSignal | undefined,
): Promise<FileSource> {
  return openSource(context, place, { cache, exact: true }, signal);
}

async function openRanges(
  context: Context,
  place: Place,
  options: Pick<UnpackOptions, "cache" | "signal">,
): Promise<OpenedZip> {
  const signal = signalOf(context, options);
  const source = await openExact(context, place, options.cache, signal);
  return { source: rangesAsZip(source, signal), close: () => source.close() };
}

/** All of it as a file, verified as a whole: for those who want everything. */
async function openCopy(context: Context, place: Place, options: UnpackOptions): Promise<OpenedZip> {
  const copy = await copyAt(context, place, { cache: options.cache, signal: options.signal });
  try {
    const source = await fileAsZip(context.disk, copy.path, place.uri);
    const close = async () => {
      await source.close();
      await copy.close();
    };
    return { source, version: copy, close };
  } catch (error) {
    await copy.close();
    throw error;
  }
}
