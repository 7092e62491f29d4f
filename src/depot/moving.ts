/**
 * Copy, move and remove: turns addresses, folders, globs and lists into jobs for `transfer/`.
 * A final `/` of a source means its contents, of a target into it. Nothing to copy is an error.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { ObjectStore } from "../store/index.ts";
import {
  type CopyJob,
  type ObjectPlace,
  type RemoveJob,
  removeObjects,
  type TransferReport,
  transferObjects,
} from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { assertMayWrite, conditionOf, signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { Sources } from "./depot.ts";
import { linearMatcher } from "./linear-matcher.ts";
import { uriOfKey, walkEntries } from "./listing.ts";
import type { TransferOptions, WriteCondition } from "./options.ts";

export async function copyOf(
  context: Context,
  from: Address | Sources,
  to: Address,
  options: TransferOptions & WriteCondition & { readonly move?: boolean | undefined } = {},
): Promise<TransferReport> {
  const target = await context.place(to, "write");
  assertMayWrite(context, target);
  const signal = signalOf(context, options);
  const settings = { ...transferSettings(context, options), ...conditionOf(options), signal, move: options.move };
  return transferObjects(copyJobs(context, from, target, isLiteral(to), { ...options, signal }), settings);
}

async function* copyJobs(
  context: Context,
  from: Address | Sources,
  target: Place,
  literalTarget: boolean,
  options: TransferOptions & { readonly move?: boolean | undefined },
): AsyncGenerator<CopyJob> {
  const taken = new Map<string, string>();
  let found = 0;
  for await (const source of sourcesOf(context, from, options)) {
    found += 1;
    const into = source.many || (!literalTarget && (target.key === "" || target.key.endsWith("/")));
    const key = into ? `${folderKey(target.key)}${source.path}` : target.key;
    const to = objectPlace(target, key);
    const twin = taken.get(key);
    taken.set(key, source.place.uri);
    if (options.move === true) assertMayWrite(context, source.origin);
    yield {
      from: source.place,
      to,
      sizeBytes: source.sizeBytes,
      etag: source.etag,
      problem: source.problem ?? clash(source.place, to, twin),
    };
  }
  if (found === 0) throw nothing(context, from);
}

function clash(from: ObjectPlace, to: ObjectPlace, twin: string | undefined): EntrepotError | undefined {
  if (twin !== undefined) {
    return new EntrepotError("already-exists", `${from.uri} and ${twin} would both become ${to.uri}`, {
      uri: from.uri,
      hint: "copy them to different folders",
    });
  }
  if (from.uri !== to.uri) return undefined;
  return new EntrepotError("invalid-address", `${from.uri} is both source and target`, { uri: from.uri });
}

interface Source {
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
async function* sourcesOf(context: Context, from: Address | Sources, options: TransferOptions): AsyncGenerator<Source> {
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

export async function removeOf(
  context: Context,
  what: Address | Sources,
  options: TransferOptions & { readonly recursive?: boolean | undefined; readonly ifMatch?: string } = {},
): Promise<TransferReport> {
  const { ifMatch } = conditionOf(options);
  const signal = signalOf(context, options);
  return removeObjects(removeJobs(context, what, { ...options, signal }), {
    ...transferSettings(context, options),
    signal,
    ifMatch,
  });
}

async function* removeJobs(
  context: Context,
  what: Address | Sources,
  options: TransferOptions & { readonly recursive?: boolean | undefined; readonly ifMatch?: string },
): AsyncGenerator<RemoveJob> {
  if (!isSources(what)) await assertRecursive(context, what, options.recursive);
  for await (const source of sourcesOf(context, what, options)) {
    assertMayWrite(context, source.origin);
    const missing = source.problem?.code === "not-found" && options.ifMatch === undefined;
    yield {
      what: source.place,
      sizeBytes: source.sizeBytes ?? 0,
      exists: !missing,
      problem: missing ? undefined : source.problem,
    };
  }
}

async function assertRecursive(context: Context, what: Address, recursive: boolean | undefined): Promise<void> {
  if (isLiteral(what) || recursive === true) return;
  const place = await context.place(what, "write");
  if (place.key !== "" && !place.key.endsWith("/")) return;
  throw new TypeError(
    `${place.uri} is a folder: pass { recursive: true } to remove everything below it, or { bucket, key } to mean the object of this very name`,
  );
}

function transferSettings(context: Context, options: TransferOptions) {
  const { dryRun, onFile, onProgress, onError } = options;
  return {
    dryRun,
    onFile,
    onProgress,
    onError,
    concurrency: context.settings.concurrency,
    warn: context.warn,
    now: () => context.now(),
  };
}

function isSources(from: Address | Sources): from is Sources {
  return Array.isArray(from) || (typeof from === "object" && Symbol.asyncIterator in from);
}

/** `{ bucket, key }` is one object, whatever its key ends in. */
function isLiteral(address: Address): boolean {
  return typeof address === "object" && !(address instanceof URL);
}

function objectPlace(place: Place, key: string): ObjectPlace {
  const uri = key === place.key ? place.uri : uriOfKey(place, key);
  const versionId = key === place.key ? place.versionId : undefined;
  return { store: besideCache(place), origin: place.store, key, uri, versionId };
}

/**
 * Copies pass the cache by, or a large one would fill the disk twice; but a local copy that is there is used, also offline, and
 * one that a copy makes untrue is dropped.
 */
function besideCache({ cached, store }: Place): ObjectStore {
  if (cached === undefined) return store;
  return {
    ...cached,
    read: async (key, sink, options) => {
      const kept = (await cached.pathOf(key, options?.versionId)) !== undefined;
      return kept ? cached.read(key, sink, options) : store.read(key, sink, options);
    },
    write: (key, body, options) => cached.write(key, body, { ...options, cache: "bypass" }),
  };
}

function folderKey(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/", key.length - 2) + 1);
}

function nothing(context: Context, from: Address | Sources): EntrepotError {
  const uri = isSources(from) ? undefined : context.locate(from, "read");
  const text =
    uri === undefined ? "none of the sources" : uri.scheme === "s3" ? `s3://${uri.bucket}/${uri.key}` : "the source";
  return new EntrepotError("not-found", `nothing to copy: ${text} holds no object`, {
    hint: "list it to see what is there; a folder ends in /",
  });
}
