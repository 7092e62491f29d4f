/**
 * What a source stands for: one object, the contents of a folder, a listing, a list of addresses; as a stream.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { ObjectPlace } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { Sources } from "./depot.ts";
import { linearMatcher } from "./linear-matcher.ts";
import { walkEntries } from "./listing.ts";
import { objectPlace } from "./object-place.ts";
import type { TransferOptions } from "./options.ts";

export interface Source {
  readonly place: ObjectPlace;
  readonly origin: Place;
  /** Its name in a target folder. */
  readonly path: string;
  readonly sizeBytes: number | undefined;
  readonly etag: string | undefined;
  /** Whether it is one of several, which go into a folder. */
  readonly many: boolean;
  readonly problem?: EntrepotError | undefined;
}

/** The objects that a source stands for. With one address, absence is a problem of that object. */
export async function* sourcesOf(
  context: Context,
  from: Address | Sources,
  options: TransferOptions,
): AsyncGenerator<Source> {
  const matches = options.match === undefined ? undefined : await linearMatcher(options.match);
  for await (const source of isSources(from) ? eachOf(context, from, options) : oneOf(context, from, options, false)) {
    if (matches === undefined || matches(source.path)) yield source;
  }
}

async function* eachOf(context: Context, sources: Sources, options: TransferOptions): AsyncGenerator<Source> {
  for await (const item of sources) {
    if (typeof item === "object" && "uri" in item) yield* listedOf(context, item);
    else yield* oneOf(context, item, options, true);
  }
}

/** An entry of a listing already says what else would be asked for. */
async function* listedOf(context: Context, entry: { readonly uri: string }): AsyncGenerator<Source> {
  const place = await context.place(entry.uri, "read");
  const known = entry as {
    readonly uri: string;
    readonly path?: unknown;
    readonly sizeBytes?: unknown;
    readonly etag?: unknown;
  };
  const path = typeof known.path === "string" ? known.path : nameOf(place.key);
  const sizeBytes = typeof known.sizeBytes === "number" ? known.sizeBytes : undefined;
  yield {
    place,
    origin: place,
    path,
    sizeBytes,
    etag: typeof known.etag === "string" ? known.etag : undefined,
    many: true,
  };
}

async function* oneOf(
  context: Context,
  from: Address,
  options: TransferOptions,
  many: boolean,
): AsyncGenerator<Source> {
  const place = await context.place(from, "read");
  if (!isLiteral(from) && (place.key === "" || place.key.endsWith("/"))) {
    for await (const entry of walkEntries(context, place, place.key, {
      kind: "object",
      signal: options.signal,
      markers: true,
    })) {
      if (entry.kind !== "object") continue;
      yield {
        place: objectPlace(place, place.key + entry.path),
        origin: place,
        path: entry.path,
        sizeBytes: entry.sizeBytes,
        etag: entry.etag,
        many: true,
      };
    }
    return;
  }
  const base = { place: objectPlace(place, place.key), origin: place, path: nameOf(place.key), many } as const;
  try {
    const info = await (place.cached ?? place.store).stat(place.key, {
      signal: signalOf(context, options),
      versionId: place.versionId,
    });
    yield { ...base, sizeBytes: info.sizeBytes, etag: info.etag };
  } catch (error) {
    if (!isEntrepotError(error) || options.signal?.aborted === true) throw error;
    yield {
      ...base,
      sizeBytes: undefined,
      etag: undefined,
      problem: await explainMissing(context, place, error, options),
    };
  }
}

/** A folder that was named without its `/` is the likeliest reason why an object is missing. */
async function explainMissing(
  context: Context,
  place: Place,
  error: EntrepotError,
  options: TransferOptions,
): Promise<EntrepotError> {
  if (error.code !== "not-found" || place.key === "") return error;
  try {
    for await (const entry of walkEntries(context, place, `${place.key}/`, {
      kind: "object",
      signal: options.signal,
    })) {
      return new EntrepotError("not-found", `${place.uri} is a folder, no object`, {
        uri: place.uri,
        cause: error,
        hint: `write ${place.uri}/ to mean its contents, e.g. ${entry.uri}`,
      });
    }
  } catch {
    return error;
  }
  return error;
}

export function isSources(from: Address | Sources): from is Sources {
  return Array.isArray(from) || (typeof from === "object" && Symbol.asyncIterator in from);
}

/** `{ bucket, key }` is one object, whatever its key ends in. */
export function isLiteral(address: Address): boolean {
  return typeof address === "object" && !(address instanceof URL);
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/", key.length - 2) + 1);
}
