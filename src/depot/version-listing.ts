/** Versions and delete markers as entries, each with an address of its own. Asked of the server itself: nothing of them is kept here. */
import { EntrepotError } from "../error/index.ts";
import type { ObjectVersion, VersionPage } from "../store/index.ts";
import { type Address, compareKeys, formatUri } from "../uri/index.ts";
import { signalOf } from "./calls.ts";
import type { Context, Place } from "./context.ts";
import type { DeleteMarkerEntry, Listing, VersionEntry, VersionListOptions } from "./entries.ts";
import { linearMatcher } from "./linear-matcher.ts";
import { checkDepth, folderKey, folderUri, lastSegment, listingOf } from "./listing.ts";
import { questionOf } from "./reads/questions.ts";
import { watchedListing } from "./reads/watched-listing.ts";

type Entry = VersionEntry | DeleteMarkerEntry;

export function versionsOf(context: Context, folder: Address, options: VersionListOptions): Listing<Entry> {
  const { depth, match } = options;
  checkTaken(options);
  checkDepth(depth);
  const question = async () => {
    const location = context.locate(folder, "read");
    return {
      uri: folderUri(location, options.prefix === true),
      origin: await context.originOf([location]),
      options: {
        ...questionOf("list", { depth, match, prefix: options.prefix }, context.now()),
        versions: true as const,
      },
    };
  };
  const entries = async function* (): AsyncGenerator<Entry> {
    const matches = match === undefined ? undefined : await linearMatcher(match);
    const place = await context.place(folder, "read");
    const prefix = options.prefix === true ? place.key : folderKey(place.key);
    const base = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    const signal = signalOf(context, options);
    for await (const version of versionsBelow(place, prefix, depth, signal)) {
      signal?.throwIfAborted();
      const entry = versionEntry(place, base, version);
      if (matches?.(entry.path) !== false) yield entry;
    }
    signal?.throwIfAborted();
  };
  return listingOf(() => watchedListing(question, entries));
}

const taken = ["versions", "depth", "match", "prefix", "signal"];

/** TypeError for what a listing of objects takes and this one would ignore. */
function checkTaken(options: VersionListOptions): void {
  const other = Object.entries(options).find(([name, value]) => value !== undefined && !taken.includes(name))?.[0];
  if (other === undefined) return;
  if (other === "kind")
    throw new TypeError("kind does not go with versions: those of objects are listed, and delete markers");
  throw new TypeError(`${other} does not go with versions, of which depth, match and prefix choose`);
}

async function* versionsBelow(
  place: Place,
  prefix: string,
  depth: number | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectVersion> {
  const list = place.bucket?.listVersions?.bind(place.bucket);
  if (list === undefined) throw noVersions(place);
  for await (const page of list({ prefix, rollUp: depth !== undefined, signal })) {
    for (const found of inOrder(page)) {
      if (typeof found !== "string") yield found;
      else if (depth !== undefined && depth > 1) yield* versionsBelow(place, found, depth - 1, signal);
    }
  }
}

function* inOrder({ versions, folders }: VersionPage): Generator<ObjectVersion | string> {
  let next = 0;
  for (const version of versions) {
    for (
      let folder = folders[next];
      folder !== undefined && compareKeys(folder, version.key) < 0;
      folder = folders[++next]
    )
      yield folder;
    yield version;
  }
  yield* folders.slice(next);
}

function versionEntry({ location }: Place, base: string, version: ObjectVersion): Entry {
  const { key, versionId, isLatest, modifiedMs, sizeBytes, etag } = version;
  const uri = location.scheme === "s3" ? formatUri({ ...location, key, versionId }) : "";
  const named = { uri, path: key.slice(base.length), name: lastSegment(key), versionId, isLatest, modifiedMs };
  return version.isDeleteMarker ? { kind: "delete-marker", ...named } : { kind: "version", ...named, sizeBytes, etag };
}

function noVersions({ uri }: Place): EntrepotError {
  return new EntrepotError("unsupported", `${uri} lies where no versions are kept`, {
    uri,
    hint: "only buckets keep versions: s3://bucket/",
  });
}
