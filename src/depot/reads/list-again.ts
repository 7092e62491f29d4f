/** A listing asked anew, as far as it was seen. */
import { isEntrepotError } from "../../error/index.ts";
import { formatUri, parseUri } from "../../uri/index.ts";
import type { Context } from "../context.ts";
import type { globOf } from "../globbing.ts";
import type { listOf } from "../listing.ts";
import type { versionsOf } from "../version-listing.ts";
import type { ChangedRead } from "./changed-read.ts";
import type { ListedEntry, ListingNote } from "./listing-note.ts";
import { optionsOf, versionOptionsOf } from "./options-of-question.ts";
import type { SeenListing } from "./seen-read.ts";

/** What the main door has at hand: imported here, it would come apart into many pieces there. */
export interface Again {
  readonly list: typeof listOf;
  readonly glob: typeof globOf;
  readonly versions: typeof versionsOf;
  readonly Note: typeof ListingNote;
}

export async function compareListing(
  context: Context,
  again: Again,
  read: SeenListing,
  signal: AbortSignal | undefined,
): Promise<ChangedRead | undefined> {
  const note = new again.Note(read.uri, read.options, read.without ?? []);
  let isLonger = false;
  if (read.ended !== true || read.entries > 0) {
    try {
      for await (const entry of entriesOf(context, again, read, signal)) {
        const { entries } = note;
        if (entries < read.entries) note.add(entry);
        else {
          isLonger = read.ended !== true && !note.leavesOut(entry);
          if (isLonger || read.ended === true) break;
        }
      }
    } catch (error) {
      if (!isEntrepotError(error, "not-found")) throw error;
      return { read, why: "what was listed is gone", kind: "gone" };
    }
  }
  if (isLonger) return { read, why: `it has more than the ${read.entries} entries that it had`, kind: "changed" };
  if (note.entries < read.entries)
    return { read, why: `it had ${read.entries} entries, and has ${note.entries} now`, kind: "changed" };
  if (note.seen(read.ended === true).digest === read.digest) return undefined;
  return { read, why: "other entries are listed now, or other versions of them", kind: "changed" };
}

async function* entriesOf(
  context: Context,
  again: Again,
  { uri, options }: SeenListing,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListedEntry> {
  const { verb, patterns = [], versions, rollUp, startAfter } = options;
  if (verb === "glob") return yield* again.glob(context, patterns, { ...optionsOf(options), signal });
  if (verb === "list" && versions === true)
    return yield* again.versions(context, uri, { ...versionOptionsOf(options), signal });
  if (verb === "list") return yield* again.list(context, uri, { ...optionsOf(options), signal });
  const place = await context.placeOf(parseUri(uri));
  const { location } = place;
  const store = place.cached ?? place.store;
  const uriOf = (key: string) => {
    if (location.scheme === "s3") return formatUri({ ...location, key });
    return location.scheme === "file"
      ? formatUri({ scheme: "file", path: `/${key}` })
      : formatUri({ scheme: "memory", key });
  };
  for await (const page of store.list({ prefix: place.key, rollUp, startAfter, signal })) {
    for (const { key, etag, sizeBytes, modifiedMs } of page.objects)
      yield { uri: uriOf(key), etag, sizeBytes, modifiedMs };
    for (const folder of page.folders) yield { uri: uriOf(folder) };
  }
}
