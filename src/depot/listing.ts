/**
 * Listings as streams: objects, folders or both, in the keys' UTF-8 byte order, at any depth, filtered in linear time.
 * Nothing is remembered between two iterations.
 */
import { EntrepotError } from "../error/index.ts";
import type { ListPage, ObjectInfo, ObjectStore, ListOptions as StoreListOptions } from "../store/index.ts";
import type { Address } from "../uri/index.ts";
import { compareKeys, formatUri, type Location } from "../uri/index.ts";
import { signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { EntryOf, FolderEntry, Listing, ListOptions, ObjectEntry, Shards } from "./entries.ts";
import { filterOf, narrowed } from "./filters/filter.ts";
import { oneByOne } from "./one-by-one.ts";
import { questionOf } from "./reads/questions.ts";
import { watchedListing } from "./reads/watched-listing.ts";

export type Entry = ObjectEntry | FolderEntry;

/** Wraps a way to iterate, so that each `for await` starts anew. */
export function listingOf<T extends { readonly uri: string }>(iterate: () => AsyncIterable<T>): Listing<T> {
  return {
    [Symbol.asyncIterator]: () => iterate()[Symbol.asyncIterator](),
    async toArray() {
      const all: T[] = [];
      for await (const entry of iterate()) all.push(entry);
      return all;
    },
    async uris() {
      const all: string[] = [];
      for await (const entry of iterate()) all.push(entry.uri);
      return all;
    },
  };
}

/** RangeError for a number of levels that there cannot be. */
export function checkDepth(depth: number | undefined): void {
  if (depth !== undefined && (!Number.isSafeInteger(depth) || depth < 1))
    throw new RangeError(`depth counts levels from 1, not ${depth}`);
}

/** The folder verb: what lies below an address. */
export function listOf<K extends keyof EntryOf>(
  context: Context,
  folder: Address,
  options: ListOptions<K> = {},
): Listing<EntryOf[K]> {
  const { kind = "object", depth, shards, signal } = options;
  checkDepth(depth);
  const pages = async function* (): AsyncGenerator<Iterable<Entry>> {
    const filter = await filterOf(options, context.now());
    const location = context.locate(folder, "read");
    if (location.scheme === "s3" && location.bucket === "") {
      yield (await bucketEntries(context, options)).filter(filter.passes);
      return;
    }
    const place = await context.placeOf(location);
    const prefix = options.prefix === true ? place.key : folderKey(place.key);
    const base = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    // levels are counted from the prefix that is asked for
    const asked = depth === undefined ? narrowed(prefix, base, filter) : prefix;
    if (asked === undefined) return;
    for await (const page of entryPages(context, place, asked, { kind, depth, shards, signal, base }))
      yield filtered(page, filter.passes);
  };
  const question = async () => {
    const location = context.locate(folder, "read");
    return {
      uri: folderUri(location, options.prefix === true),
      origin: await context.originOf([location]),
      options: questionOf("list", options, context.now()),
    };
  };
  return listingOf(() => watchedListing(question, () => oneByOne(pages()) as AsyncIterableIterator<EntryOf[K]>));
}

function* filtered<T>(page: Iterable<T>, passes: (entry: T) => boolean): Generator<T> {
  for (const entry of page) if (passes(entry)) yield entry;
}

/** The address of what is listed: of a folder with its `/`. */
export function folderUri(location: Location, isPrefix: boolean): string {
  const uri = formatUri(location);
  return isPrefix || uri.endsWith("/") ? uri : `${uri}/`;
}

/** The key below which a folder's objects lie. */
export function folderKey(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}

/** Requests in flight for one listing, unless the caller says how many: each has four pages that wait, 2 MB of memory. */
const shardsAtMost = 8;

/** As many as the store is to be asked at once. */
export function shardsOf({ settings }: Context, shards: Shards = "auto"): number {
  return shards === "auto" ? Math.min(shardsAtMost, settings.concurrency) : shards;
}

interface EntryOptions {
  readonly kind: keyof EntryOf;
  readonly depth?: number | undefined;
  readonly shards?: Shards | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Also give the empty objects that mark folders; for those who remove or copy everything. */
  readonly markers?: boolean | undefined;
  /** What paths are relative to. Default: the last folder of the prefix. */
  readonly base?: string | undefined;
  /** Told of what is no object on this disk. */
  readonly onLeftOut?: StoreListOptions["onLeftOut"];
}

/** Entries below a raw prefix; paths are relative to its last folder. */
export function walkEntries(
  context: Context,
  place: Place,
  prefix: string,
  options: EntryOptions,
): AsyncIterableIterator<Entry> {
  return oneByOne(entryPages(context, place, prefix, options));
}

/** The same, page by page; a page is to be read to its end before the next is asked for. */
async function* entryPages(
  context: Context,
  place: Place,
  prefix: string,
  options: EntryOptions,
): AsyncGenerator<Iterable<Entry>> {
  const signal = signalOf(context, options);
  const base = options.base ?? prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const store = place.cached ?? place.store;
  const request = { prefix, signal, shards: shardsOf(context, options.shards), onLeftOut: options.onLeftOut };
  const source = options.depth === undefined ? flat(store, request) : levels(store, request, options.depth);
  const open: string[] = [];
  for await (const page of source) yield entriesOf(place, base, page, { ...options, signal }, open);
  signal?.throwIfAborted();
}

/** `open` is the chain of folders of the entry before. */
function* entriesOf(
  place: Place,
  base: string,
  page: Iterable<Found>,
  { kind, markers, signal }: EntryOptions,
  open: string[],
): Generator<Entry> {
  for (const found of page) {
    // whoever has aborted is given nothing more, also of a page that is here
    signal?.throwIfAborted();
    if (kind !== "object") yield* foldersAbove(place, base, found, open);
    if (typeof found === "string" || kind === "folder") continue;
    // an empty object under a folder's name is how other tools say that the folder exists
    if (found.key.endsWith("/") && found.sizeBytes === 0 && markers !== true) continue;
    yield objectEntry(place, base, found);
  }
}

type Found = ObjectInfo | string;

async function* flat(store: ObjectStore, request: StoreListOptions): AsyncGenerator<Iterable<Found>> {
  for await (const page of store.list(request)) yield page.objects;
}

async function* levels(store: ObjectStore, request: StoreListOptions, depth: number): AsyncGenerator<Iterable<Found>> {
  for await (const page of store.list({ ...request, rollUp: true })) {
    let run: Found[] = [];
    for (const found of inOrder(page)) {
      run.push(found);
      if (typeof found !== "string" || depth <= 1) continue;
      yield run;
      run = [];
      yield* levels(store, { ...request, prefix: found }, depth - 1);
    }
    if (run.length > 0) yield run;
  }
}

export function* inOrder(page: ListPage): Generator<Found> {
  let next = 0;
  for (const object of page.objects) {
    for (
      let folder = page.folders[next];
      folder !== undefined && compareKeys(folder, object.key) < 0;
      folder = page.folders[++next]
    )
      yield folder;
    yield object;
  }
  yield* page.folders.slice(next);
}

/** Folders that `found` is the first one to lie in. */
function* foldersAbove(place: Place, base: string, found: Found, open: string[]): Generator<FolderEntry> {
  const key = typeof found === "string" ? found : found.key;
  while (open.length > 0 && !key.startsWith(open.at(-1) ?? "")) open.pop();
  for (let at = key.indexOf("/", (open.at(-1) ?? base).length); at >= 0; at = key.indexOf("/", at + 1)) {
    const folder = key.slice(0, at + 1);
    open.push(folder);
    yield folderEntry(place, base, folder);
  }
}

/** Buckets are folders, and nothing is listed through all of them: an account may hold more than anyone meant. */
async function bucketEntries(context: Context, options: ListOptions): Promise<readonly Entry[]> {
  if ((options.kind ?? "object") === "object" || (options.depth ?? 1) > 1) {
    throw new EntrepotError(
      "invalid-address",
      "s3:// names no bucket, and objects are listed in one bucket at a time",
      {
        uri: "s3://",
        hint: 'list s3://bucket/, or the buckets themselves with kind: "folder"',
      },
    );
  }
  const buckets = await context.buckets(signalOf(context, options));
  return buckets.map(({ name }) => ({ kind: "folder", uri: `s3://${name}/`, path: `${name}/`, name }));
}

/** The same place with another key. */
export function uriOfKey(place: Place, key: string): string {
  return formatUri(locationOfKey(place.location, key));
}

function locationOfKey(location: Location, key: string): Location {
  if (location.scheme === "s3") return { ...location, key, versionId: undefined };
  if (location.scheme === "memory") return { ...location, key };
  if (location.scheme === "file") return { ...location, path: `/${key}` };
  return location;
}

export function objectEntry(place: Place, base: string, info: ObjectInfo): ObjectEntry {
  const { key, sizeBytes, modifiedMs, etag, versionId } = info;
  const path = key.slice(base.length);
  return {
    kind: "object",
    uri: uriOfKey(place, key),
    path,
    name: lastSegment(key),
    sizeBytes,
    modifiedMs,
    etag,
    versionId,
  };
}

export function folderEntry(place: Place, base: string, key: string): FolderEntry {
  return {
    kind: "folder",
    uri: uriOfKey(place, key),
    path: key.slice(base.length),
    name: lastSegment(key.slice(0, -1)),
  };
}

export function lastSegment(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
