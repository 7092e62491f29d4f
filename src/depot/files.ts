/**
 * Files: random access to remote objects, real files for tools that want a path, and files that become objects.
 */
import { randomUUID } from "node:crypto";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { type BodySink, BytesSink, type ObjectInfo, readBytes } from "../store/index.ts";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { assertMayWrite, conditionOf, lenient, signalOf, withProgress } from "./calls.ts";
import { encodeStream, namedFor } from "./compression.ts";
import { contentTypeOf } from "./content-type.ts";
import type { Context, Place } from "./context.ts";
import { type FileSource, openDataFile } from "./data-file.ts";
import type { DataFile, LocalCopy } from "./depot.ts";
import { diskFile, diskPath } from "./disk-file.ts";
import type { Awaitable, EncodeOptions, LocalPath, OnError, ReadOptions, WriteSettings } from "./options.ts";
import { writeStored } from "./raw.ts";

export async function openOf(
  context: Context,
  from: Address,
  options: ReadOptions<OnError> = {},
): Promise<DataFile | undefined> {
  return lenient(context, options.onError, async () => {
    const place = await context.place(from, "read");
    const signal = signalOf(context, options);
    return openDataFile(await remoteSource(context, place, options, signal), context.settings.signal);
  });
}

/** A valid local copy where there is one, else ranges of the version that a first question names. */
async function remoteSource(
  context: Context,
  place: Place,
  options: ReadOptions,
  signal: AbortSignal | undefined,
): Promise<FileSource> {
  const { uri, key, versionId } = place;
  const request = { signal, versionId };
  if (place.cached !== undefined && options.cache !== "bypass") {
    const info = await place.cached.stat(key, request);
    const held = await heldVersion(place, info.etag, request);
    if (held !== undefined) return heldSource(context, place, held);
    return rangeSource(place, info);
  }
  return rangeSource(place, await place.store.stat(key, request));

  function rangeSource({ store }: Place, info: ObjectInfo): FileSource {
    const read = async (start: number, end: number, current: AbortSignal | undefined) =>
      (await readBytes(store, key, { signal: current, versionId, range: { start, end }, ifMatch: info.etag })).bytes;
    return { uri, key, info, read, close: async () => undefined };
  }
}

type Held = Awaited<ReturnType<NonNullable<Place["cached"]>["hold"]>>;

/** The local copy, if it is this version; the server has just been asked, so it is not asked again. */
async function heldVersion(
  place: Place,
  etag: string,
  request: { readonly signal: AbortSignal | undefined; readonly versionId: string | undefined },
): Promise<Held | undefined> {
  if ((await place.trusted?.pathOf(place.key, place.versionId)) === undefined) return undefined;
  const held = await place.trusted?.hold(place.key, request);
  if (held?.info.etag === etag) return held;
  await held?.close();
  return undefined;
}

/** The local copy, opened once, so that a later eviction or refresh does not show. */
async function heldSource(context: Context, place: Place, held: Held): Promise<FileSource> {
  const { uri, key } = place;
  const file = await context.disk.openRead(held.path);
  return {
    uri,
    key,
    info: held.info,
    async read(start, end) {
      const bytes = new Uint8Array(end - start);
      const count = await file.read(bytes, start);
      if (count === bytes.byteLength) return bytes;
      throw new EntrepotError("integrity", `the local copy of ${uri} is shorter than it should be`, {
        uri,
        hint: "read it again; it will be fetched anew",
      });
    },
    async close() {
      await file.close();
      await held.close();
    },
  };
}

export async function localCopyOf(
  context: Context,
  from: Address,
  options: ReadOptions<OnError> = {},
): Promise<LocalCopy | undefined> {
  return lenient(context, options.onError, async () => {
    const place = await context.place(from, "read");
    const signal = signalOf(context, options);
    if (place.location.scheme === "file") return localFile(place, signal);
    const { cache = "use" } = options;
    if (place.cached === undefined || cache === "bypass") return scratchCopy(context, place, options);
    const held = await place.cached.hold(place.key, { signal, versionId: place.versionId, cache });
    return closable({ path: held.path, etag: held.info.etag }, () => held.close());
  });
}

/** The form that closes by itself. */
export async function withLocalCopy<T>(
  context: Context,
  from: Address,
  use: (path: string, signal: AbortSignal) => Awaitable<T>,
  options: ReadOptions<"throw"> = {},
): Promise<T> {
  const copy = (await localCopyOf(context, from, options)) as LocalCopy;
  try {
    return await use(copy.path, signalOf(context, options) ?? new AbortController().signal);
  } finally {
    await copy.close();
  }
}

async function localFile(place: Place, signal: AbortSignal | undefined): Promise<LocalCopy> {
  const info = await place.store.stat(place.key, { signal });
  return closable({ path: `/${place.key}`, etag: info.etag }, async () => undefined);
}

/** Without a cache, the copy is the caller's for as long as it is open. */
async function scratchCopy(context: Context, place: Place, options: ReadOptions): Promise<LocalCopy> {
  const folder = `${await context.scratchFolder()}/${randomUUID()}`;
  const path = `${folder}/${scratchName(place.key)}`;
  await context.disk.makeFolder(folder, 0o700);
  try {
    const etag = await download(context, place, folder, path, options);
    return closable({ path, etag }, async () => void (await context.disk.removeTree(folder)));
  } catch (error) {
    await context.disk.removeTree(folder);
    throw error;
  }
}

/** Straight to the disk, so that the size of the object does not matter; resolves with its ETag. */
async function download(
  context: Context,
  place: Place,
  folder: string,
  path: string,
  options: ReadOptions,
): Promise<string> {
  const pending = await context.disk.createPending(folder, { mode: 0o600 });
  try {
    let emptied: Promise<void> | undefined;
    const sink: BodySink = {
      restartable: true,
      start: () => {
        emptied = pending.sizeBytes === 0 ? undefined : pending.truncate();
      },
      write: async (chunk) => {
        await emptied;
        await pending.write(chunk);
      },
    };
    const request = { signal: signalOf(context, options), versionId: place.versionId };
    const result = await place.store.read(place.key, withProgress(sink, place.uri, options.onProgress), request);
    if (result === "not-modified") throw new TypeError("no condition was given");
    await pending.commit(path);
    return result.info.etag;
  } finally {
    await pending.discard();
  }
}

export async function writeFromOf(
  context: Context,
  to: Address,
  source: LocalPath | ((path: string, signal: AbortSignal) => Awaitable<void>),
  options: EncodeOptions<"throw"> = {},
): Promise<Written> {
  conditionOf(options);
  const compress = options.compress ?? false;
  const place = await namedFor(context, await context.place(to, "write"), compress);
  assertMayWrite(context, place);
  if (typeof source !== "function") return publish(context, place, diskPath(context, source), options);
  const folder = `${await context.scratchFolder()}/${randomUUID()}`;
  const path = `${folder}/${scratchName(place.key)}`;
  await context.disk.makeFolder(folder, 0o700);
  try {
    await source(path, signalOf(context, options) ?? new AbortController().signal);
    return await publish(context, place, path, options);
  } finally {
    await context.disk.removeTree(folder);
  }
}

async function publish(
  context: Context,
  place: Place,
  path: string,
  options: EncodeOptions<"throw">,
): Promise<Written> {
  const signal = signalOf(context, options);
  const file = await diskFile(context.disk, path, place.uri);
  const compress = options.compress ?? false;
  if (compress !== false) {
    const { spool } = await import("./spool.ts");
    const spooled = await spool(context, encodeStream(file.open(), place, compress), signal);
    try {
      return await send(place, spooled, options, signal);
    } finally {
      await spooled.close();
    }
  }
  return send(place, file, options, signal);
}

async function send(
  place: Place,
  body: { readonly sizeBytes: number; open(): AsyncIterable<Uint8Array> },
  options: EncodeOptions<"throw">,
  signal: AbortSignal | undefined,
): Promise<Written> {
  const { etag, sizeBytes, versionId } = await (place.cached ?? place.store).write(place.key, body, {
    signal,
    contentType: options.contentType ?? contentTypeOf(place.key),
    metadata: options.metadata,
    ...conditionOf(options),
  });
  options.onProgress?.({
    uri: place.uri,
    doneObjects: 1,
    totalObjects: 1,
    doneBytes: sizeBytes,
    totalBytes: sizeBytes,
  });
  return { uri: place.uri, etag, sizeBytes, versionId };
}

/** How often a swap that others keep winning is tried. */
const swaps = 20;

export async function updateOf(
  context: Context,
  at: Address,
  change: (current: DataFile | undefined) => Awaitable<string | Uint8Array>,
  options: WriteSettings<"throw"> = {},
): Promise<Written> {
  const place = await context.place(at, "write");
  assertMayWrite(context, place);
  for (let attempt = 1; ; attempt++) {
    const current = await currentFile(context, place, options);
    const next = await change(current);
    const bytes = typeof next === "string" ? new TextEncoder().encode(next) : next;
    try {
      return await writeStored(context, place, bytes, {
        ...options,
        ...(current === undefined ? { ifNoneMatch: "*" as const } : { ifMatch: current.etag }),
      });
    } catch (error) {
      if (!isEntrepotError(error, "precondition-failed", "already-exists") || attempt >= swaps) throw error;
    }
  }
}

/** Value and ETag from one read, past the cache. */
async function currentFile(
  context: Context,
  place: Place,
  options: WriteSettings<"throw">,
): Promise<DataFile | undefined> {
  const sink = new BytesSink();
  try {
    const result = await place.store.read(place.key, sink, { signal: signalOf(context, options) });
    if (result === "not-modified") return undefined;
    const { bytes } = sink;
    return openDataFile(
      {
        uri: place.uri,
        key: place.key,
        info: result.info,
        read: async (start, end) => bytes.slice(start, end),
        close: async () => undefined,
      },
      undefined,
    );
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}

function closable(copy: { readonly path: string; readonly etag: string }, close: () => Promise<void>): LocalCopy {
  return { ...copy, close, [Symbol.asyncDispose]: close };
}

/** The object's own name where a file may bear it, so that tools which go by name or suffix work. */
function scratchName(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1).replaceAll("\0", "_");
  if (name === "" || name === "." || name === "..") return "object";
  return Buffer.byteLength(name) <= 200 ? name : `object${/\.[A-Za-z0-9.]{1,40}$/.exec(name)?.[0] ?? ""}`;
}
