/**
 * What a source stands for: one object, the contents of a folder, a listing, a list of addresses; as a stream.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { ObjectPlace } from "../transfer/index.ts";
import { lookAhead } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { isFolderAddress, isSources, nameOf } from "./address-kind.ts";
import type { Asked } from "./asked.ts";
import { signalOf } from "./calls.ts";
import { ContainedSources, folderOfPath } from "./contained-sources.ts";
import type { Context, Place } from "./context.ts";
import type { Sources } from "./entries.ts";
import type { Choice } from "./filters/choice.ts";
import { type Filter, filterOf } from "./filters/filter.ts";
import type { FilterOptions } from "./filters/filter-options.ts";
import type { LeftOut } from "./left-out.ts";
import { walkEntries } from "./listing.ts";
import { objectPlace } from "./object-place.ts";
import type { TransferOptions } from "./options.ts";
import { unwatched } from "./reads/frame.ts";

export interface Source {
  readonly place: ObjectPlace;
  /** Its name in a target folder. */
  readonly path: string;
  /** The name that the server's own key ends in. */
  readonly key: string;
  readonly sizeBytes: number | undefined;
  readonly modifiedMs: number | undefined;
  readonly etag: string | undefined;
  /** Whether it is one of several, which go into a folder. */
  readonly many: boolean;
  readonly problem?: EntrepotError | undefined;
  /** There is no such object, but a folder of that name. */
  readonly namesFolder?: boolean | undefined;
}

export interface SourceOptions extends Pick<TransferOptions, "match" | "signal">, FilterOptions {
  /** Which root bare names lie under: that of writes for what is going to be changed. */
  readonly use: "read" | "write";
  /** Also give the empty objects that mark folders. */
  readonly markers: boolean;
  /** Counts what is asked. */
  readonly asked?: Asked | undefined;
  /** Told of what lies in a folder and is no object. */
  readonly leftOut?: LeftOut | undefined;
  /** Told what filters left out. */
  readonly choice?: Choice | undefined;
  /** Called with each address before anything is asked; throws for what may not be done there. */
  readonly check?: ((place: Place, isFolder: boolean) => void) | undefined;
}

interface Asking extends SourceOptions {
  /** For what goes away. */
  readonly contained: ContainedSources | undefined;
}

/** The objects that a source stands for. With one address, absence is a problem of that object. */
export async function* sourcesOf(
  context: Context,
  from: Address | Sources,
  options: SourceOptions,
): AsyncGenerator<Source> {
  const filter = await filterOf(options, context.now());
  const contained = options.use === "write" ? new ContainedSources(context) : undefined;
  const asking = { ...options, contained };
  const all = isSources(from)
    ? eachOf(context, from, filter, asking)
    : sourcesAt(await sourceAt(context, from, filter, asking, false));
  let isEmpty = true;
  for await (const source of all) {
    isEmpty = false;
    if (filter.passes(source)) yield source;
    else if (options.choice !== undefined && source.problem === undefined) options.choice.leftOut += 1;
  }
  if (isEmpty && options.choice !== undefined && filter.prefix !== "" && !isSources(from))
    options.choice.isThere = await holdsAny(context, from, options);
}

/** Whether an object lies in the folder, whatever its name begins with. */
async function holdsAny(context: Context, from: Address, { use, signal, asked }: SourceOptions): Promise<boolean> {
  const place = await context.place(from, use);
  const counted = asked?.counted(place) ?? place;
  for await (const _ of walkEntries(context, counted, place.key, { kind: "object", signal })) return true;
  return false;
}

/** One object, or what a folder holds. */
type Sourced = { readonly one: Source } | { readonly all: AsyncIterable<Source> };

async function* sourcesAt(found: Sourced): AsyncGenerator<Source> {
  if ("one" in found) yield found.one;
  else yield* found.all;
}

/** Those that must be asked for are asked for at the same time; they come in the order of the list all the same. */
async function* eachOf(context: Context, sources: Sources, filter: Filter, options: Asking): AsyncGenerator<Source> {
  const ahead = lookAhead<Address | Listed, Sourced>(sources, { places: context.settings.concurrency }, async (item) =>
    typeof item === "object" && "uri" in item
      ? { one: await listed(context, item, options) }
      : sourceAt(context, item, filter, options, true),
  );
  for await (const found of ahead) yield* sourcesAt(found);
}

/** What an entry of a listing may say beside its address. */
interface Listed {
  readonly uri: string;
  readonly path?: unknown;
  readonly kind?: unknown;
  readonly sizeBytes?: unknown;
  readonly modifiedMs?: unknown;
  readonly etag?: unknown;
}

/** An entry of a listing already says what else would be asked for. */
async function listed(context: Context, entry: Listed, options: Asking): Promise<Source> {
  const { uri, path, kind, sizeBytes, modifiedMs, etag } = entry;
  const found = await context.place(uri, options.use);
  options.check?.(found, false);
  const own = typeof path === "string" ? path : ownName(found);
  const place = options.contained?.in(found, folderOfPath(found.key, own)) ?? found;
  const byAge = options.newerThan !== undefined || options.olderThan !== undefined;
  if (kind === "delete-marker") return asMarker(place, own, modifiedMs);
  const isKnown = typeof sizeBytes === "number" && (!byAge || typeof modifiedMs === "number");
  if (kind !== "folder" && !isKnown) return asked(context, place, own, true, options);
  return {
    place: objectPlace(place, place.key),
    key: place.key,
    path: own,
    sizeBytes: typeof sizeBytes === "number" ? sizeBytes : undefined,
    modifiedMs: typeof modifiedMs === "number" ? modifiedMs : undefined,
    etag: typeof etag === "string" ? etag : undefined,
    many: true,
    problem: kind === "folder" ? folderEntry(uri) : undefined,
  };
}

function asMarker(place: Place, path: string, modifiedMs: unknown): Source {
  const known = { sizeBytes: 0, modifiedMs: typeof modifiedMs === "number" ? modifiedMs : undefined, etag: undefined };
  return { place: objectPlace(place, place.key), key: place.key, path, ...known, many: true };
}

export function folderEntry(uri: string): EntrepotError {
  return new EntrepotError("invalid-address", `${uri} is a folder of a listing, no object`, {
    uri,
    hint: "list objects (the default kind), or give the folder's address as text",
  });
}

async function sourceAt(
  context: Context,
  from: Address,
  filter: Filter,
  options: Asking,
  many: boolean,
): Promise<Sourced> {
  const place = await context.place(from, options.use);
  const isFolder = isFolderAddress(from, place);
  options.check?.(place, isFolder);
  if (isFolder) return { all: inFolder(context, place, filter, options) };
  return { one: await asked(context, place, ownName(place), many, options) };
}

/** The query of a web address is no part of a name, and may be a signature. */
function ownName({ location: { scheme }, key }: Place): string {
  return nameOf(scheme === "http" || scheme === "https" ? key.replace(/\?.*$/s, "") : key);
}

async function* inFolder(
  context: Context,
  place: Place,
  filter: Filter,
  { signal, markers, asked, contained, leftOut }: Asking,
): AsyncGenerator<Source> {
  const held = contained?.in(place, place.key) ?? place;
  const counted = asked?.counted(place) ?? place;
  const onLeftOut = leftOut?.of(place, (path) => filter.passes({ path }));
  const walk = { kind: "object", signal, markers, base: place.key, onLeftOut } as const;
  for await (const entry of walkEntries(context, counted, place.key + filter.prefix, walk)) {
    if (entry.kind !== "object") continue;
    const { path, sizeBytes, modifiedMs, etag } = entry;
    const key = place.key + path;
    yield { place: objectPlace(held, key), key, path, sizeBytes, modifiedMs, etag, many: true };
  }
}

/** An object that nobody has told anything of yet. */
async function asked(
  context: Context,
  place: Place,
  path: string,
  many: boolean,
  options: SourceOptions,
): Promise<Source> {
  const { signal } = options;
  const counted = options.asked?.counted(place) ?? place;
  const base = { place: objectPlace(place, place.key), key: place.key, path, many } as const;
  try {
    const request = { signal: signalOf(context, options), versionId: place.versionId };
    const { sizeBytes, modifiedMs, etag } = await (counted.cached ?? counted.store).stat(place.key, request);
    return { ...base, sizeBytes, modifiedMs, etag };
  } catch (error) {
    if (!isEntrepotError(error) || signal?.aborted === true) throw error;
    // Nothing can be asked of a delete marker, but it can be removed.
    const isMarker = place.versionId !== undefined && error.code === "unsupported" && options.use === "write";
    if (isMarker) return { ...base, sizeBytes: 0, modifiedMs: undefined, etag: undefined };
    const problem = await explainMissing(context, counted, error, options);
    const unknown = { sizeBytes: undefined, modifiedMs: undefined, etag: undefined };
    return { ...base, ...unknown, problem, namesFolder: problem !== error };
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
    // what lies there helps to say what is wrong, and is no input of anybody
    const entries = unwatched(() => walkEntries(context, place, `${key}/`, { kind: "object", signal }));
    const { value: entry } = await unwatched(() => entries.next());
    await entries.return?.();
    if (entry !== undefined) {
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
