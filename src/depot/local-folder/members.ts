/** Which objects a source stands for, and under which names they would lie in one folder. Asks for no object by itself. */
import { EntrepotError } from "../../error/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import type { Context, Place } from "../context.ts";
import type { LocalFolderOptions } from "../depot.ts";
import type { Sources } from "../entries.ts";
import { linearMatcher } from "../linear-matcher.ts";
import { uriOfKey, walkEntries } from "../listing.ts";
import { folderEntry, isFolderAddress, isSources, nameOf } from "../sources.ts";

/** One object that belongs into the folder. */
export interface Member {
  readonly place: Place;
  /** Below the folder, with `/`. */
  readonly name: string;
  /** Where a listing said it. */
  readonly sizeBytes: number | undefined;
}

type MemberOptions = Pick<LocalFolderOptions, "match" | "signal">;

/** In the order of the source, each object once. Error: not-found when there is none. */
export async function membersOf(
  context: Context,
  from: Address | Sources,
  options: MemberOptions,
): Promise<readonly Member[]> {
  const matches = options.match === undefined ? undefined : await linearMatcher(options.match);
  const members = new Map<string, Member>();
  for await (const member of isSources(from) ? ofEach(context, from, options) : ofOne(context, from, options)) {
    options.signal?.throwIfAborted();
    if (matches === undefined || matches(member.name)) members.set(`${member.place.uri}\n${member.name}`, member);
  }
  if (members.size === 0) throw nothing(context, from, options.match);
  return [...members.values()];
}

async function* ofEach(context: Context, sources: Sources, options: MemberOptions): AsyncGenerator<Member> {
  for await (const item of sources) {
    if (typeof item === "object" && "uri" in item) yield await listed(context, item);
    else yield* ofOne(context, item, options);
  }
}

/** An entry of a listing knows its path below the folder that was listed. */
async function listed(
  context: Context,
  entry: { readonly uri: string; readonly path?: unknown; readonly kind?: unknown; readonly sizeBytes?: unknown },
): Promise<Member> {
  const { uri, path, kind, sizeBytes } = entry;
  if (kind === "folder") throw folderEntry(uri);
  const place = await context.place(uri, "read");
  return {
    place,
    name: typeof path === "string" ? path : nameOf(place.key),
    sizeBytes: typeof sizeBytes === "number" ? sizeBytes : undefined,
  };
}

async function* ofOne(context: Context, from: Address, { signal }: MemberOptions): AsyncGenerator<Member> {
  const place = await context.place(from, "read");
  if (!isFolderAddress(from, place)) {
    yield { place, name: nameOf(place.key), sizeBytes: undefined };
    return;
  }
  for await (const entry of walkEntries(context, place, place.key, { kind: "object", signal })) {
    if (entry.kind !== "object") continue;
    const key = place.key + entry.path;
    const at: Place = { ...place, key, uri: uriOfKey(place, key), versionId: undefined };
    yield { place: at, name: entry.path, sizeBytes: entry.sizeBytes };
  }
}

function nothing(context: Context, from: Address | Sources, match: RegExp | undefined): EntrepotError {
  const uri = isSources(from) ? undefined : formatUri(context.locate(from, "read"));
  const that = match === undefined ? "" : ` that matches ${match}`;
  return new EntrepotError("not-found", `nothing to fetch: ${uri ?? "the list"} holds no object${that}`, {
    uri,
    hint: "list it to see what is there; a folder ends in /",
  });
}
