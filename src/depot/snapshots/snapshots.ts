/** Snapshots: each is one zip, published by one conditional write, so that readers see the old one or the new one. */
import { resolve } from "node:path";
import { EntrepotError, isEntrepotError, shownValue, wrongValue } from "../../error/index.ts";
import type { TransferReport } from "../../transfer/index.ts";
import { formatUri } from "../../uri/index.ts";
import { packInto } from "../archives/pack.ts";
import type { UnpackOptions } from "../archives/types.ts";
import { type ReadVersion, unpackFrom } from "../archives/unpack.ts";
import { assertMayReplace, signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { diskPath } from "../disk-file.ts";
import { listOf } from "../listing.ts";
import { removeOf } from "../moving.ts";
import type { LocalPath } from "../options.ts";
import type { Snapshot, SnapshotOptions, SnapshotRestoreOptions, SnapshotSaveOptions } from "./types.ts";

const suffix = ".zip";
/** Deflate makes no more than 1,032 bytes of one, so that whatever was saved can be restored. */
const deflatesMost = 1_100;

export async function saveOf(
  context: Context,
  name: string,
  fromDir: LocalPath,
  options: SnapshotSaveOptions = {},
): Promise<Snapshot | undefined> {
  checkFolder(fromDir, "save()");
  const place = await placeOf(context, name, "write", options);
  if (place === undefined) return undefined;
  // what waits on this disk is there for nobody
  assertMayReplace(context, place, false);
  const { onProgress } = options;
  const signal = signalOf(context, options);
  const before = await etagOf(place, signal);
  const condition = before === undefined ? { ifNoneMatch: "*" as const } : { ifMatch: before };
  const settings = { signal, onProgress, modified: "keep" as const, ...condition };
  const { written } = await packInto(context, resolve(diskPath(context, fromDir)), place, "zip", settings);
  if (written === undefined) throw new TypeError("a pack that is no dry run writes");
  const { uri, etag, sizeBytes } = written;
  return { name, uri, sizeBytes, modifiedMs: context.now(), etag };
}

export async function restoreOf(
  context: Context,
  name: string,
  toDir: LocalPath,
  options: SnapshotRestoreOptions = {},
): Promise<Snapshot | undefined> {
  checkFolder(toDir, "restore()");
  const folder = resolve(diskPath(context, toDir));
  const place = await placeOf(context, name, "read", options);
  const found = place && (await foundAt(context, place, name, options));
  if (place === undefined || found === undefined) {
    await context.disk.makeFolder(folder);
    return undefined;
  }
  const { existing = "merge", maxBytes, maxRatio = deflatesMost, signal, onProgress } = options;
  const settings: UnpackOptions = {
    existing: existing === "refuse" ? undefined : existing,
    // they lay side by side in the folder that was saved
    similarNames: "keep",
    maxBytes,
    maxRatio,
    signal,
    onProgress,
  };
  let read: ReadVersion | undefined;
  try {
    await unpackFrom(context, place, "zip", folder, settings, (version) => {
      read = version;
    });
  } catch (error) {
    // it went between the question and the read
    if (!isEntrepotError(error, "not-found") || (await etagOf(place, signalOf(context, options))) !== undefined)
      throw error;
    await context.disk.makeFolder(folder);
    return undefined;
  }
  if (read === undefined) return found;
  const { etag, sizeBytes, modifiedMs } = read;
  return { name, uri: place.uri, sizeBytes, modifiedMs, etag };
}

/** Those of one version. */
export async function* snapshotsOf(context: Context, options: SnapshotOptions = {}): AsyncGenerator<Snapshot> {
  const folder = folderOf(context, "read", options);
  if (folder !== undefined) yield* snapshotsBelow(context, folder, options);
}

async function* snapshotsBelow(
  context: Context,
  folder: string,
  { signal }: SnapshotOptions,
): AsyncGenerator<Snapshot> {
  for await (const { uri, name, sizeBytes, modifiedMs, etag } of listOf<"object">(context, folder, {
    depth: 1,
    signal,
  })) {
    if (name.endsWith(suffix)) yield { name: name.slice(0, -suffix.length), uri, sizeBytes, modifiedMs, etag };
  }
}

export async function clearOf(
  context: Context,
  name: string | undefined,
  options: SnapshotOptions = {},
): Promise<TransferReport> {
  const { signal } = options;
  if (name !== undefined) {
    const place = await placeOf(context, name, "write", options);
    return removeOf(context, place === undefined ? [] : [place.uri], { signal });
  }
  const uris: string[] = [];
  const folder = folderOf(context, "write", options);
  if (folder !== undefined) {
    // what is read may lie below another root
    const below = formatUri(context.locate(folder, "write"));
    for await (const { uri } of snapshotsBelow(context, below, options)) uris.push(uri);
  }
  return removeOf(context, uris, { signal });
}

/** What is known of it; a bucket that is not there is an error. */
async function foundAt(
  context: Context,
  place: Place,
  name: string,
  options: SnapshotOptions,
): Promise<Snapshot | undefined> {
  const signal = signalOf(context, options);
  try {
    const { etag, sizeBytes, modifiedMs } = await (place.cached ?? place.store).stat(place.key, { signal });
    return { name, uri: place.uri, sizeBytes, modifiedMs, etag };
  } catch (error) {
    if (!isEntrepotError(error, "not-found")) throw error;
  }
  for await (const _ of snapshotsOf(context, options)) break;
  return undefined;
}

async function etagOf({ store, key }: Place, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    return (await store.stat(key, { signal })).etag;
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}

async function placeOf(
  context: Context,
  name: string,
  use: "read" | "write",
  options: SnapshotOptions,
): Promise<Place | undefined> {
  checkName(name, "the name of a snapshot");
  const folder = folderOf(context, use, options);
  return folder === undefined ? undefined : context.place(`${folder}${name}${suffix}`, use);
}

/** A bare name below the root in force; `undefined` where that is this disk and nobody said that it is meant. */
function folderOf(context: Context, use: "read" | "write", options: SnapshotOptions): string | undefined {
  const version = options.version ?? (context.settings.env["ENTREPOT_MODEL_VERSION"] || undefined);
  if (version !== undefined) checkName(version, "the version of snapshots");
  const folder = version === undefined ? "snapshots/" : `snapshots/${version}/`;
  const isLocal = context.locate(folder, use).scheme === "file";
  return isLocal && options.local !== true ? undefined : folder;
}

/** One segment of a path, and nothing that means another place. */
function checkName(name: string, what: string): void {
  if (typeof name !== "string" || name === "")
    throw new TypeError(`${what} is text that is not empty, not ${shownValue(name)}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!/[/\\\x00-\x1f\x7f]/.test(name) && name !== "." && name !== ".." && Buffer.byteLength(name) <= 200) return;
  throw new EntrepotError("invalid-address", `${what} cannot be ${JSON.stringify(name.slice(0, 200))}`, {
    hint: "one name without / and \\, of up to 200 bytes",
  });
}

function checkFolder(folder: LocalPath, verb: string): void {
  if (folder === undefined) throw wrongValue("the second argument", verb, "a folder of this disk", folder);
}
