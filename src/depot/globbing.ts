/**
 * Globs over any backend. The literal beginning is what the server is asked for; folders in which nothing can match are
 * not entered.
 */
import { type Glob, resolveGlob } from "../uri/index.ts";
import { signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { EntryOf, GlobOptions, Listing } from "./depot.ts";
import { linearMatcher } from "./linear-matcher.ts";
import { type Entry, folderEntry, inOrder, listingOf, objectEntry, walkEntries } from "./listing.ts";
import { addressContext } from "./locate.ts";

export function globOf<K extends keyof EntryOf>(
  context: Context,
  pattern: string | readonly string[],
  options: GlobOptions<K> = {},
): Listing<EntryOf[K]> {
  const patterns = typeof pattern === "string" ? [pattern] : pattern;
  return listingOf(async function* () {
    const matches = options.match === undefined ? undefined : await linearMatcher(options.match);
    const seen = new Set<string>();
    for (const each of patterns) {
      for await (const entry of globEntries(context, each, options)) {
        if (matches?.(entry.path) === false) continue;
        if (patterns.length > 1 && seen.has(entry.uri)) continue;
        if (patterns.length > 1) seen.add(entry.uri);
        yield entry as EntryOf[K];
      }
    }
  });
}

async function* globEntries(context: Context, pattern: string, options: GlobOptions): AsyncGenerator<Entry> {
  const { folder, glob } = resolveGlob(pattern, addressContext(context.settings, "read"));
  const kind = options.kind ?? (glob.foldersOnly ? "folder" : "object");
  const place = await context.placeOf(folder);
  const depth = options.depth ?? glob.depth;
  const { signal } = options;
  const found =
    depth === undefined
      ? walkEntries(context, place, place.key + glob.prefix, { kind, signal, base: place.key })
      : levels(place, glob, place.key + glob.prefix, depth, signalOf(context, options));
  for await (const entry of found) {
    if ((kind === "any" || entry.kind === kind) && glob.matches(entry.path)) yield entry;
  }
}

/** Level by level, into those folders only below which something can match. */
async function* levels(
  place: Place,
  glob: Glob,
  prefix: string,
  depth: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Entry> {
  const store = place.cached ?? place.store;
  const base = place.key;
  for await (const page of store.list({ prefix, rollUp: true, signal })) {
    for (const found of inOrder(page)) {
      if (typeof found !== "string") {
        if (!(found.key.endsWith("/") && found.sizeBytes === 0)) yield objectEntry(place, base, found);
        continue;
      }
      yield folderEntry(place, base, found);
      const below = found.slice(base.length);
      if (below.split("/").length <= depth && glob.mayMatchBelow(below))
        yield* levels(place, glob, found, depth, signal);
    }
  }
}
