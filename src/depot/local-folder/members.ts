/** Which objects a source stands for, and under which names they would lie in one folder. Asks for no object by itself. */
import { EntrepotError } from "../../error/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { isSources } from "../address-kind.ts";
import type { Context, Place } from "../context.ts";
import type { Sources } from "../entries.ts";
import { filterOf } from "../filters/filter.ts";
import { namedObjects } from "../many/named-objects.ts";
import type { LocalFolderOptions } from "../verb-types.ts";

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
  const members = new Map<string, Member>();
  const filter = await filterOf({ match: options.match }, context.now());
  for await (const { place, path, sizeBytes } of namedObjects(context, from, { ...options, filter }))
    members.set(`${place.uri}\n${path}`, { place, name: path, sizeBytes });
  if (members.size === 0) throw nothing(context, from, options.match);
  return [...members.values()];
}

function nothing(context: Context, from: Address | Sources, match: RegExp | undefined): EntrepotError {
  const uri = isSources(from) ? undefined : formatUri(context.locate(from, "read"));
  const that = match === undefined ? "" : ` that matches ${match}`;
  return new EntrepotError("not-found", `nothing to fetch: ${uri ?? "the list"} holds no object${that}`, {
    uri,
    hint: "list it to see what is there; a folder ends in /",
  });
}
