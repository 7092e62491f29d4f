/**
 * Which objects a source stands for, as a stream in its order. Asks for no object by itself: what is not there shows when
 * it is read.
 */
import type { Address } from "../../uri/index.ts";
import { isFolderAddress, isSources, nameOf } from "../address-kind.ts";
import type { Context, Place } from "../context.ts";
import type { Sources } from "../entries.ts";
import { type Filter, narrowed } from "../filters/filter.ts";
import { uriOfKey, walkEntries } from "../listing.ts";
import { folderEntry } from "../sources.ts";

/** One object that was named. */
export interface NamedObject {
  readonly place: Place;
  /** Below the folder that was named or listed, with `/`; else the last name. */
  readonly path: string;
  /** Where a listing said it. */
  readonly sizeBytes: number | undefined;
  readonly modifiedMs: number | undefined;
  readonly etag: string | undefined;
}

export interface NamedObjectsOptions {
  /** What is known not to pass is left out. */
  readonly filter: Filter;
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
  for await (const object of isSources(from) ? ofEach(context, from, options) : ofOne(context, from, options)) {
    options.signal?.throwIfAborted();
    if (options.filter.passes(object)) yield object;
  }
}

async function* ofEach(
  context: Context,
  sources: Sources,
  { signal, filter }: NamedObjectsOptions,
): AsyncGenerator<NamedObject> {
  for await (const item of sources) {
    if (typeof item === "object" && "uri" in item) yield await listed(context, item);
    else yield* ofOne(context, item, { signal, filter });
  }
}

/** An entry of a listing knows its path below the folder that was listed. */
async function listed(
  context: Context,
  entry: { readonly uri: string } & Readonly<
    Partial<Record<"path" | "kind" | "sizeBytes" | "modifiedMs" | "etag", unknown>>
  >,
): Promise<NamedObject> {
  const { uri, path, kind, sizeBytes, modifiedMs, etag } = entry;
  if (kind === "folder") throw folderEntry(uri);
  const place = await context.place(uri, "read");
  return {
    place,
    path: typeof path === "string" ? path : nameOf(place.key),
    sizeBytes: typeof sizeBytes === "number" ? sizeBytes : undefined,
    modifiedMs: typeof modifiedMs === "number" ? modifiedMs : undefined,
    etag: typeof etag === "string" ? etag : undefined,
  };
}

async function* ofOne(
  context: Context,
  from: Address,
  { signal, filter, prefix = false }: NamedObjectsOptions,
): AsyncGenerator<NamedObject> {
  const place = await context.place(from, "read");
  if (!prefix && !isFolderAddress(from, place)) {
    yield { place, path: nameOf(place.key), sizeBytes: undefined, modifiedMs: undefined, etag: undefined };
    return;
  }
  const folder = place.key.slice(0, place.key.lastIndexOf("/") + 1);
  const asked = narrowed(place.key, folder, filter);
  if (asked === undefined) return;
  for await (const entry of walkEntries(context, place, asked, { kind: "object", signal, base: folder })) {
    if (entry.kind !== "object") continue;
    const key = folder + entry.path;
    const at: Place = { ...place, key, uri: uriOfKey(place, key), versionId: undefined };
    const { path, sizeBytes, modifiedMs, etag } = entry;
    yield { place: at, path, sizeBytes, modifiedMs, etag };
  }
}
