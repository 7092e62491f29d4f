/**
 * Globs over any backend. The literal beginning is what the server is asked for; folders in which nothing can match are
 * not entered.
 */
import { kindOfValue } from "../error/index.ts";
import type { ListOptions as StoreListOptions } from "../store/index.ts";
import { compareKeys, formatUri, type Glob, resolveGlob } from "../uri/index.ts";
import { signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { EntryOf, GlobOptions, Listing } from "./entries.ts";
import { filterOf } from "./filters/filter.ts";
import {
  checkDepth,
  type Entry,
  folderEntry,
  inOrder,
  listingOf,
  objectEntry,
  shardsOf,
  walkEntries,
} from "./listing.ts";
import { addressContext } from "./locate.ts";
import { questionOf } from "./reads/questions.ts";
import { watchedListing } from "./reads/watched-listing.ts";

export function globOf<K extends keyof EntryOf>(
  context: Context,
  pattern: string | readonly string[],
  options: GlobOptions<K> = {},
): Listing<EntryOf[K]> {
  const patterns = typeof pattern === "string" ? [pattern] : pattern;
  if (!Array.isArray(patterns) || !patterns.every((each) => typeof each === "string"))
    throw new TypeError(
      `glob() takes a pattern or an array of patterns, all of them text, not ${kindOfValue(pattern)}`,
    );
  checkDepth(options.depth);
  const question = async () => {
    const globs = patterns.map((each) => resolveGlob(each, addressContext(context.settings, "read")));
    return {
      uri: globs[0] === undefined ? "" : formatUri(globs[0].folder),
      origin: await context.originOf(globs.map(({ folder }) => folder)),
      options: {
        ...questionOf("glob", options, context.now()),
        patterns: globs.map((each) => each.pattern),
      },
    };
  };
  const entries = async function* (): AsyncGenerator<EntryOf[K]> {
    const filter = await filterOf(options, context.now());
    const signal = signalOf(context, options);
    for await (const { entry } of merged(patterns.map((each) => globEntries(context, each, options)))) {
      signal?.throwIfAborted();
      if (filter.passes(entry)) yield entry as EntryOf[K];
    }
    signal?.throwIfAborted();
  };
  return listingOf(() => watchedListing(question, entries));
}

/** An entry with what it is sorted by. */
interface Found {
  readonly entry: Entry;
  readonly store: string;
  readonly key: string;
}

/** Streams that are in order, as one that is; what several give comes once. */
async function* merged(streams: readonly AsyncGenerator<Found>[]): AsyncGenerator<Found> {
  const [only] = streams;
  if (streams.length === 1 && only !== undefined) return yield* only;
  try {
    const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
    for (;;) {
      const first = heads.reduce<Found | undefined>(
        (least, { next }) =>
          next.done === true || (least !== undefined && inOrderOf(next.value, least) >= 0) ? least : next.value,
        undefined,
      );
      if (first === undefined) return;
      yield first;
      for (const head of heads) {
        if (head.next.done !== true && inOrderOf(head.next.value, first) === 0) head.next = await head.stream.next();
      }
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return(undefined)));
  }
}

function inOrderOf(a: Found, b: Found): number {
  return compareKeys(a.store, b.store) || compareKeys(a.key, b.key);
}

async function* globEntries(context: Context, pattern: string, options: GlobOptions): AsyncGenerator<Found> {
  const { folder, glob } = resolveGlob(pattern, addressContext(context.settings, "read"));
  const kind = options.kind ?? (glob.foldersOnly ? "folder" : "object");
  const place = await context.placeOf(folder);
  const depth = options.depth ?? glob.depth;
  const { signal, shards } = options;
  const found =
    depth === undefined
      ? walkEntries(context, place, place.key + glob.prefix, { kind, signal, shards, base: place.key })
      : levels(place, glob, depth, {
          prefix: place.key + glob.prefix,
          signal: signalOf(context, options),
          shards: shardsOf(context, shards),
        });
  for await (const entry of found) {
    const isMeant = entry.kind === "object" ? glob.matchesKey(entry.path) : glob.matches(entry.path);
    if ((kind === "any" || entry.kind === kind) && isMeant)
      yield { entry, store: place.store.uri, key: place.key + entry.path };
  }
}

/** Level by level, into those folders only below which something can match. */
async function* levels(place: Place, glob: Glob, depth: number, request: StoreListOptions): AsyncGenerator<Entry> {
  const store = place.cached ?? place.store;
  const base = place.key;
  for await (const page of store.list({ ...request, rollUp: true })) {
    for (const found of inOrder(page)) {
      if (typeof found !== "string") {
        if (!(found.key.endsWith("/") && found.sizeBytes === 0)) yield objectEntry(place, base, found);
        continue;
      }
      yield folderEntry(place, base, found);
      const below = found.slice(base.length);
      if (below.split("/").length <= depth && glob.mayMatchBelow(below))
        yield* levels(place, glob, depth, { ...request, prefix: found });
    }
  }
}
