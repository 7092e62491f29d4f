/**
 * Files: random access to remote objects, real files for tools that want a path, and files that become objects.
 */
import { randomUUID } from "node:crypto";
import type { ReadableFile } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { fileSink, isStrongEtag, type ObjectInfo, readBytes } from "../store/index.ts";
import type { Address } from "../uri/index.ts";
import { lenient, signalOf, withProgress } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import { openDataFile } from "./data-file.ts";
import type { DataFile } from "./depot.ts";
import type { FileSource } from "./file-source.ts";
import type { AskOptions, Awaitable, OnError, ReadOptions } from "./options.ts";
import { noteOpened } from "./reads/record-reads.ts";
import { scratchName } from "./scratch-name.ts";
import type { LocalCopy } from "./verb-types.ts";

export async function openOf(
  context: Context,
  from: Address,
  options: AskOptions<OnError> = {},
): Promise<DataFile | undefined> {
  return lenient(context, options.onError, async () => {
    const place = await context.place(from, "read");
    const signal = signalOf(context, options);
    return openDataFile(await openSource(context, place, options, signal), context.settings.signal);
  });
}

/**
 * A valid local copy where there is one, else ranges of the version that a first question names. `exact`: of what is asked for, not a
 * byte more, so that nothing of it is kept.
 */
export async function openSource(
  context: Context,
  place: Place,
  options: AskOptions & { readonly exact?: boolean | undefined },
  signal: AbortSignal | undefined,
): Promise<FileSource> {
  const { key, versionId, store } = place;
  const request = { signal, versionId };
  const { cache = "use" } = options;
  const cached = cache === "bypass" ? undefined : place.cached;
  // what is fetched again is kept whole, whatever part of it is read then
  const held =
    cache === "use"
      ? await cached?.holdIfPresent(key, request)
      : await cached?.hold(key, { ...request, cache, toRead: true });
  if (held !== undefined) return heldSource(context, place, held);
  const { uri } = place;
  const info = await (cached ?? store).stat(key, request);
  // nothing would tell that two parts are of one version, so all of it comes in one request
  if (!isStrongEtag(info.etag)) {
    const whole = await (cached?.hold(key, { ...request, toRead: true }) ?? scratchHeld(context, place, info, options));
    return heldSource(context, place, whole);
  }
  return {
    uri,
    key,
    info,
    read: async (start, end, current) => {
      const range = { start, end };
      const through = options.exact === true ? store : (cached ?? store);
      return (await readBytes(through, key, { signal: current, versionId, range, ifMatch: info.etag })).bytes;
    },
    close: async () => undefined,
    takeMemory: takerOf(context),
  };
}

function takerOf({ memory, settings }: Context): NonNullable<FileSource["takeMemory"]> {
  return (bytes) => (memory.take(bytes, settings.memoryBytes) ? () => memory.give(bytes) : undefined);
}

type Held = Pick<Awaited<ReturnType<NonNullable<Place["cached"]>["hold"]>>, "path" | "info" | "read" | "close">;

async function scratchHeld(context: Context, place: Place, asked: ObjectInfo, options: AskOptions): Promise<Held> {
  const { path, etag, close } = await scratchCopy(context, place, options);
  // Somebody may have replaced it since it was asked about.
  const sizeBytes = (await context.disk.stat(path))?.sizeBytes ?? asked.sizeBytes;
  return { path, info: { ...asked, etag, sizeBytes }, close };
}

/** The local copy, opened once, so that a later eviction or refresh does not show. */
async function heldSource(context: Context, place: Place, held: Held): Promise<FileSource> {
  const { uri, key } = place;
  const { read } = held;
  if (read !== undefined) {
    return {
      uri,
      key,
      info: held.info,
      read: (start, end, signal) => {
        noteOpened(place, held.info);
        return read({ start, end }, signal);
      },
      close: () => held.close(),
      takeMemory: takerOf(context),
    };
  }
  const file = await openHeld(context, held);
  return {
    uri,
    key,
    info: held.info,
    async read(start, end, signal) {
      signal?.throwIfAborted();
      noteOpened(place, held.info);
      const bytes = new Uint8Array(end - start);
      const count = await file.read(bytes, start);
      if (count === bytes.byteLength) return bytes;
      throw new EntrepotError("integrity", `the local copy of ${uri} is shorter than it should be`, {
        uri,
        hint: "read it again; it will be fetched anew",
      });
    },
    async close() {
      try {
        await file.close();
      } finally {
        await held.close();
      }
    },
    takeMemory: takerOf(context),
  };
}

async function openHeld(context: Context, held: Held): Promise<ReadableFile> {
  try {
    return await context.disk.openRead(held.path);
  } catch (error) {
    await held.close();
    throw error;
  }
}

export async function localCopyOf(
  context: Context,
  from: Address,
  options: ReadOptions<OnError> = {},
): Promise<LocalCopy | undefined> {
  return lenient(context, options.onError, async () => copyAt(context, await context.place(from, "read"), options));
}

/** A copy that says how its bytes are encoded, and of when they are. */
type EncodedCopy = LocalCopy & Pick<ObjectInfo, "contentEncoding" | "modifiedMs">;

/** Of one place; throws whatever goes wrong. */
export async function copyAt(context: Context, place: Place, options: ReadOptions): Promise<EncodedCopy> {
  const signal = signalOf(context, options);
  if (place.location.scheme === "file") return localFile(place, options, signal);
  const { cache = "use" } = options;
  if (place.cached === undefined || cache === "bypass") return scratchCopy(context, place, options);
  const held = await place.cached.hold(place.key, { signal, versionId: place.versionId, cache });
  tellWhole(options.onProgress, place.uri, held.info.sizeBytes);
  const { etag, modifiedMs, contentEncoding } = held.info;
  const encoded = contentEncoding === undefined ? {} : { contentEncoding };
  return closable({ path: held.path, etag, modifiedMs, ...encoded }, () => held.close());
}

/** What comes out of the cache or lies here already is told when it is there. */
function tellWhole(onProgress: ReadOptions["onProgress"], uri: string, sizeBytes: number): void {
  onProgress?.({ uri, doneObjects: 1, totalObjects: 1, doneBytes: sizeBytes, totalBytes: sizeBytes });
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

async function localFile(
  place: Place,
  { onProgress }: ReadOptions,
  signal: AbortSignal | undefined,
): Promise<EncodedCopy> {
  const { etag, modifiedMs, sizeBytes } = await place.store.stat(place.key, { signal });
  tellWhole(onProgress, place.uri, sizeBytes);
  return closable({ path: `/${place.key}`, etag, modifiedMs }, async () => undefined);
}

/** Without a cache, the copy is the caller's for as long as it is open. */
async function scratchCopy(context: Context, place: Place, options: ReadOptions): Promise<EncodedCopy> {
  const folder = `${await context.scratchFolder()}/${randomUUID()}`;
  const path = `${folder}/${scratchName(place.key)}`;
  await context.disk.makeFolder(folder, 0o700);
  try {
    const { etag, modifiedMs, contentEncoding } = await download(context, place, folder, path, options);
    const encoded = contentEncoding === undefined ? {} : { contentEncoding };
    return closable({ path, etag, modifiedMs, ...encoded }, async () => void (await context.disk.removeTree(folder)));
  } catch (error) {
    await context.disk.removeTree(folder);
    throw error;
  }
}

/** Straight to the disk, so that the size of the object does not matter. */
async function download(
  context: Context,
  place: Place,
  folder: string,
  path: string,
  options: ReadOptions,
): Promise<ObjectInfo> {
  const pending = await context.disk.createPending(folder, { mode: 0o600 });
  try {
    const sink = fileSink(pending);
    const request = { signal: signalOf(context, options), versionId: place.versionId };
    const result = await place.store.read(place.key, withProgress(sink, place.uri, options.onProgress), request);
    if (result === "not-modified") throw new TypeError("no condition was given");
    await sink.finish();
    await pending.commit(path);
    return result.info;
  } finally {
    await pending.discard();
  }
}

function closable(
  copy: Pick<EncodedCopy, "path" | "etag" | "modifiedMs" | "contentEncoding">,
  close: () => Promise<void>,
): EncodedCopy {
  return { ...copy, close, [Symbol.asyncDispose]: close };
}
