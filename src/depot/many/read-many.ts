/**
 * Many objects as one ordered stream: the next ones are fetched while one is read, in the order of the source, within bounds
 * of number and memory. Each goes through the cache as any whole read.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { jsonOf, splitLines, textOf, validated } from "../../format/index.ts";
import { type ByteStream, type Bytes, type ObjectInfo, toWebStream } from "../../store/index.ts";
import type { Address } from "../../uri/index.ts";
import { signalOf } from "../calls.ts";
import { type DecodeLimits, decodeBytes, decodeStream, encodingsOf } from "../compression.ts";
import type { Context } from "../context.ts";
import type { Sources } from "../entries.ts";
import { filterOf } from "../filters/filter.ts";
import { joinSignals } from "../join-signals.ts";
import { explainMissing } from "../sources.ts";
import { beginObject, type Fetched } from "./fetch-object.ts";
import { lookAhead } from "./look-ahead.ts";
import { type NamedObject, namedObjects } from "./named-objects.ts";
import type { ManyEntry, ManyForm, ManyItem, ReadManyOptions } from "./types.ts";

/** What is counted for an object whose size nobody knows before it is read, bytes. */
const guessedBytes = 64 * 1024;

/** One object of a run with what came of it, before it becomes a value. */
export interface FetchedEntry extends ManyEntry {
  readonly object: NamedObject;
  readonly info: ObjectInfo;
  readonly fetched: Exclude<Fetched, { readonly error: unknown }>;
}

/** The objects in order, those that are left out told of and left out. `use` makes each what is wanted; its failure is the object's. */
export async function* fetchMany<T>(
  context: Context,
  from: Address | Sources,
  options: ReadManyOptions,
  use: (entry: FetchedEntry) => Promise<T>,
  flowing: boolean,
): AsyncGenerator<T> {
  const stop = new AbortController();
  // one that is left half read would keep `close` waiting for its connections
  const forget = context.whenClosed((reason) => stop.abort(reason));
  const signal = joinSignals(signalOf(context, options), stop.signal) ?? stop.signal;
  const { concurrency, memoryBytes } = context.settings;
  const { cache, prefix, lookAhead: objects = 2 * concurrency } = options;
  const filter = await filterOf(options, context.now());
  const done = counted(options);
  const found = lookAhead(done.counting(namedObjects(context, from, { filter, prefix, signal })), {
    size: ({ sizeBytes = guessedBytes }) => sizeBytes,
    begin: (object, slot) => beginObject(object, slot, { cache, flowing }),
    objects,
    inFlight: concurrency,
    memory: context.memory,
    memoryBytes,
    signal,
  });
  try {
    for await (const { object, fetched } of found) {
      // the size and age of one that was only named
      if ("info" in fetched && !filter.passes({ ...fetched.info, path: object.path })) continue;
      const made = await outcomeOf(object, fetched, use);
      if ("error" in made) await skip(context, object, made.error, options, signal);
      done.tell(object, "error" in made ? undefined : made.sizeBytes);
      if ("value" in made) yield made.value;
    }
  } finally {
    forget();
    stop.abort();
  }
}

async function outcomeOf<T>(
  object: NamedObject,
  fetched: Fetched,
  use: (entry: FetchedEntry) => Promise<T>,
): Promise<{ readonly value: T; readonly sizeBytes: number } | { readonly error: unknown }> {
  if ("error" in fetched) return fetched;
  const { place, path } = object;
  const { info } = fetched;
  const { etag, sizeBytes } = info;
  try {
    return { value: await use({ uri: place.uri, path, etag, sizeBytes, object, info, fetched }), sizeBytes };
  } catch (error) {
    return { error };
  }
}

/** Throws unless the object may be left out. */
async function skip(
  context: Context,
  { place }: NamedObject,
  error: unknown,
  { onError = "throw", onSkipped }: ReadManyOptions,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  // of a failure that is left out nobody wants to pay for a second question
  if (onError === "throw" && isEntrepotError(error, "not-found"))
    throw await explainMissing(context, place, error, { signal });
  if (onError === "throw" || !isEntrepotError(error) || isEntrepotError(error, "invalid-address", "misconfigured"))
    throw error;
  if (onError === "allow-missing" && error.code !== "not-found") throw error;
  const named = error.uri === undefined ? withUri(error, place.uri) : error;
  if (onError === "warn") context.warn(named);
  onSkipped?.(named);
}

function withUri(error: EntrepotError, uri: string): EntrepotError {
  const { code, message, hint, retryable } = error;
  return new EntrepotError(code, message, { uri, hint, retryable, cause: error });
}

/** Progress of all objects together; the total is known when the source has ended. */
function counted({ onProgress }: Pick<ReadManyOptions, "onProgress">) {
  let totalObjects = 0;
  let totalBytes: number | undefined = 0;
  let ended = false;
  let doneObjects = 0;
  let doneBytes = 0;
  return {
    async *counting(objects: AsyncIterable<NamedObject>): AsyncGenerator<NamedObject> {
      for await (const object of objects) {
        totalObjects += 1;
        if (object.sizeBytes === undefined) totalBytes = undefined;
        else if (totalBytes !== undefined) totalBytes += object.sizeBytes;
        yield object;
      }
      ended = true;
    },
    tell({ place: { uri } }: NamedObject, sizeBytes: number | undefined): void {
      doneObjects += 1;
      doneBytes += sizeBytes ?? 0;
      onProgress?.({
        uri,
        doneObjects,
        totalObjects: ended ? totalObjects : undefined,
        doneBytes,
        totalBytes: ended ? totalBytes : undefined,
      });
    },
  };
}

/** The items of `readMany`. */
export function itemsOf(
  context: Context,
  from: Address | Sources,
  options: ReadManyOptions,
): AsyncGenerator<ManyItem<ManyForm>> {
  const { as = "bytes" } = options;
  const item = async (entry: FetchedEntry) => {
    const { uri, path, etag, sizeBytes } = entry;
    return { uri, path, etag, sizeBytes, ...(await formOf(entry, as, options)) };
  };
  return fetchMany(context, from, options, item, as === "stream") as AsyncGenerator<ManyItem<ManyForm>>;
}

async function formOf(entry: FetchedEntry, as: ManyForm, options: ReadManyOptions): Promise<object> {
  const { uri } = entry;
  if (as === "stream") return { stream: streamOf(entry, options.decompress ?? false, options) };
  const bytes = await bytesOf(entry, options.decompress ?? (as === "bytes" ? false : "by-suffix"), options);
  const { encoding, schema } = options;
  if (as === "bytes") return { bytes };
  if (as === "json") {
    const json = jsonOf(bytes, { encoding, uri });
    return { json: schema === undefined ? json : await validated(json, schema, { uri }) };
  }
  const text = textOf(bytes, { encoding, uri });
  return as === "text" ? { text } : { lines: splitLines(text) };
}

export type Decompress = Exclude<ReadManyOptions["decompress"], undefined>;

/** All bytes of one object. */
export async function bytesOf(
  { uri, object, info, fetched }: FetchedEntry,
  decompress: Decompress,
  limits: DecodeLimits,
): Promise<Bytes> {
  const bytes = "bytes" in fetched ? fetched.bytes : await joined(fetched.chunks);
  return decodeBytes(bytes, encodingsOf(object.place, info, decompress), uri, limits);
}

/** The bytes of one object as they come. */
export function chunksOf(entry: FetchedEntry, decompress: Decompress, limits: DecodeLimits): AsyncIterable<Bytes> {
  const { uri, object, info, fetched } = entry;
  const chunks = "bytes" in fetched ? once(fetched.bytes) : fetched.chunks;
  return decodeStream(chunks, encodingsOf(object.place, info, decompress), uri, limits);
}

function streamOf(entry: FetchedEntry, decompress: Decompress, limits: DecodeLimits): ByteStream {
  return toWebStream(chunksOf(entry, decompress, limits));
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes> {
  if (bytes.byteLength > 0) yield bytes;
}

async function joined(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const chunk of chunks) all.push(chunk);
  const bytes = new Uint8Array(all.reduce((size, chunk) => size + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of all) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
