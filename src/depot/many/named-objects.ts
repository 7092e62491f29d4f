/**
 * Which objects a source stands for, as a stream in its order. Asks for no object by itself: what is not there shows when
 * it is read.
 */
import type { Address } from "../../uri/index.ts";
import type { Context, Place } from "../context.ts";
import type { Sources } from "../entries.ts";
import { linearMatcher } from "../linear-matcher.ts";
import { uriOfKey, walkEntries } from "../listing.ts";
import { folderEntry, isFolderAddress, isSources, nameOf } from "../sources.ts";

/** One object that was named. */
export interface NamedObject {
  readonly place: Place;
  /** Below the folder that was named or listed, with `/`; else the last name. */
  readonly path: string;
  /** Where a listing said it. */
  readonly sizeBytes: number | undefined;
}

export interface NamedObjectsOptions {
  /** Searched for in the path, in linear time. */
  readonly match?: RegExp | undefined;
  /** A single address is a string that keys begin with. */
  readonly prefix?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Error: invalid-address for the folder of a listing; those of listings. */
export async function* namedObjects(
  context: Context,
  from: Address | Sources,
  options: NamedObjectsOptions,
): AsyncGenerator<NamedObject> {
  const matches = options.match === undefined ? undefined : await linearMatcher(options.match);
  for await (const object of isSources(from) ? ofEach(context, from, options) : ofOne(context, from, options)) {
    options.signal?.throwIfAborted();
    if (matches === undefined || matches(object.path)) yield object;
  }
}

async function* ofEach(
  context: Context,
  sources: Sources,
  { signal }: NamedObjectsOptions,
): AsyncGenerator<NamedObject> {
  for await (const item of sources) {
    if (typeof item === "object" && "uri" in item) yield await listed(context, item);
    else yield* ofOne(context, item, { signal });
  }
}

/** An entry of a listing knows its path below the folder that was listed. */
async function listed(
  context: Context,
  entry: { readonly uri: string; readonly path?: unknown; readonly kind?: unknown; readonly sizeBytes?: unknown },
): Promise<NamedObject> {
  const { uri, path, kind, sizeBytes } = entry;
  if (kind === "folder") throw folderEntry(uri);
  const place = await context.place(uri, "read");
  return {
    place,
    path: typeof path === "string" ? path : nameOf(place.key),
    sizeBytes: typeof sizeBytes === "number" ? sizeBytes : undefined,
  };
}

async function* ofOne(
  context: Context,
  from: Address,
  { signal, prefix = false }: NamedObjectsOptions,
): AsyncGenerator<NamedObject> {
  const place = await context.place(from, "read");
  if (!prefix && !isFolderAddress(from, place)) {
    yield { place, path: nameOf(place.key), sizeBytes: undefined };
    return;
  }
  const folder = place.key.slice(0, place.key.lastIndexOf("/") + 1);
  for await (const entry of walkEntries(context, place, place.key, { kind: "object", signal })) {
    if (entry.kind !== "object") continue;
    const key = folder + entry.path;
    const at: Place = { ...place, key, uri: uriOfKey(place, key), versionId: undefined };
    yield { place: at, path: entry.path, sizeBytes: entry.sizeBytes };
  }
}
