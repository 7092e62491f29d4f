/**
 * What a source stands for: one object, the contents of a folder, a listing, a list of addresses; as a stream.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { ObjectPlace } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import type { Asked } from "./asked.ts";
import { signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { Sources } from "./entries.ts";
import { linearMatcher } from "./linear-matcher.ts";
import { walkEntries } from "./listing.ts";
import { objectPlace } from "./object-place.ts";
import type { TransferOptions } from "./options.ts";

export interface Source {
  readonly place: ObjectPlace;
  /** Its name in a target folder. */
  readonly path: string;
  /** The name that the server's own key ends in. */
  readonly key: string;
  readonly sizeBytes: number | undefined;
  readonly etag: string | undefined;
  /** Whether it is one of several, which go into a folder. */
  readonly many: boolean;
  readonly problem?: EntrepotError | undefined;
  /** There is no such object, but a folder of that name. */
  readonly namesFolder?: boolean | undefined;
}

export interface SourceOptions extends Pick<TransferOptions, "match" | "signal"> {
  /** Which root bare names lie under: that of writes for what is going to be changed. */
  readonly use: "read" | "write";
  /** Also give the empty objects that mark folders. */
  readonly markers: boolean;
  /** Counts what is asked. */
  readonly asked?: Asked | undefined;
  /** Called with each address before anything is asked; throws for what may not be done there. */
  readonly check?: ((place: Place, isFolder: boolean) => void) | undefined;
}

/** The objects that a source stands for. With one address, absence is a problem of that object. */
export async function* sourcesOf(
  context: Context,
  from: Address | Sources,
  options: SourceOptions,
): AsyncGenerator<Source> {
  const matches = options.match === undefined ? undefined : await linearMatcher(options.match);
  for await (const source of isSources(from) ? eachOf(context, from, options) : oneOf(context, from, options, false)) {
    if (matches === undefined || matches(source.path)) yield source;
  }
}

async function* eachOf(context: Context, sources: Sources, options: SourceOptions): AsyncGenerator<Source> {
  for await (const item of sources) {
    if (typeof item === "object" && "uri" in item) yield await listed(context, item, options);
    else yield* oneOf(context, item, options, true);
  }
}

/** What an entry of a listing may say beside its address. */
interface Listed {
  readonly uri: string;
  readonly path?: unknown;
  readonly kind?: unknown;
  readonly sizeBytes?: unknown;
  readonly etag?: unknown;
}

/** An entry of a listing already says what else would be asked for. */
async function listed(context: Context, entry: Listed, options: SourceOptions): Promise<Source> {
  const { uri, path, kind, sizeBytes, etag } = entry;
  const place = await context.place(uri, options.use);
  options.check?.(place, false);
  const isFolder = kind === "folder";
  return {
    place: objectPlace(place, place.key),
    key: place.key,
    path: typeof path === "string" ? path : nameOf(place.key),
    sizeBytes: typeof sizeBytes === "number" ? sizeBytes : undefined,
    etag: typeof etag === "string" ? etag : undefined,
    many: true,
    problem: isFolder ? folderEntry(uri) : undefined,
  };
}

export function folderEntry(uri: string): EntrepotError {
  return new EntrepotError("invalid-address", `${uri} is a folder of a listing, no object`, {
    uri,
    hint: "list objects (the default kind), or give the folder's address as text",
  });
}

async function* oneOf(context: Context, from: Address, options: SourceOptions, many: boolean): AsyncGenerator<Source> {
  const place = await context.place(from, options.use);
  const isFolder = isFolderAddress(from, place);
  options.check?.(place, isFolder);
  const { signal, markers } = options;
  const counted = options.asked?.counted(place) ?? place;
  if (isFolder) {
    for await (const entry of walkEntries(context, counted, place.key, { kind: "object", signal, markers })) {
      if (entry.kind !== "object") continue;
      const { path, sizeBytes, etag } = entry;
      const key = place.key + path;
      yield { place: objectPlace(place, key), key, path, sizeBytes, etag, many: true };
    }
    return;
  }
  const base = { place: objectPlace(place, place.key), key: place.key, path: nameOf(place.key), many } as const;
  try {
    const request = { signal: signalOf(context, options), versionId: place.versionId };
    const { sizeBytes, etag } = await (counted.cached ?? counted.store).stat(place.key, request);
    yield { ...base, sizeBytes, etag };
  } catch (error) {
    if (!isEntrepotError(error) || signal?.aborted === true) throw error;
    const problem = await explainMissing(context, counted, error, options);
    yield { ...base, sizeBytes: undefined, etag: undefined, problem, namesFolder: problem !== error };
  }
}

/** A folder that was named without its `/` is the likeliest reason why an object is missing. */
export async function explainMissing(
  context: Context,
  place: Place,
  error: EntrepotError,
  { signal }: Pick<SourceOptions, "signal">,
): Promise<EntrepotError> {
  const { uri, key, location } = place;
  if (error.code !== "not-found" || key === "" || "url" in location) return error;
  try {
    for await (const entry of walkEntries(context, place, `${key}/`, { kind: "object", signal })) {
      return new EntrepotError("not-found", `${uri} is a folder, no object`, {
        uri,
        cause: error,
        hint: `write ${uri}/ to mean its contents, e.g. ${entry.uri}`,
      });
    }
  } catch {
    // the first error says more than that the folder could not be listed either
    return error;
  }
  return error;
}

/** A final `/` says folder, but not in `{ bucket, key }`, and web addresses have none. */
export function isFolderAddress(address: Address, place: Place): boolean {
  if (isLiteral(address) || "url" in place.location) return false;
  return place.key === "" || place.key.endsWith("/");
}

export function isSources(from: Address | Sources): from is Sources {
  return Array.isArray(from) || (typeof from === "object" && Symbol.asyncIterator in from);
}

/** `{ bucket, key }` is one object, whatever its key ends in. */
export function isLiteral(address: Address): boolean {
  return typeof address === "object" && !(address instanceof URL);
}

/** The last part of a key, by which it goes into a folder. */
export function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/", key.length - 2) + 1);
}
