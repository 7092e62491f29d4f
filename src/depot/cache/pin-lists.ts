/**
 * Lists of addresses, as pins: one for all objects of a store, one for each folder. Entries of a listing say themselves what else would
 * be asked for.
 */
import type { CachedStore, PinMember } from "../../cache/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { runJobs } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import { isFolderAddress } from "../address-kind.ts";
import type { Context } from "../context.ts";
import type { ObjectEntry, Sources } from "../entries.ts";
import { folderOrder, type Matches, memberOf, type Planned } from "./pin-order.ts";
import { pinPlace } from "./pin-place.ts";

interface ListOptions {
  readonly match: RegExp | undefined;
  readonly matches: Matches;
  readonly signal: AbortSignal | undefined;
}

/** Gives nothing before the list has ended: it may come in any order. */
export async function* listPins(context: Context, sources: Sources, options: ListOptions): AsyncGenerator<Planned> {
  const { match, matches, signal } = options;
  const objects = new Map<CachedStore, PinMember[]>();
  const others: Planned[] = [];
  const take = async ({ address, entry }: Item): Promise<void> => {
    const place = await pinPlace(context, address);
    const { key, versionId, cached, uri } = place;
    if (isFolderAddress(address, place)) return void others.push(folderOrder(place, "folder", match, matches));
    if (matches?.(entry?.path ?? key.slice(key.lastIndexOf("/") + 1)) === false) return;
    const found = await (isWhole(entry) ? { ...listed(entry), key, versionId } : memberOf(context, place, signal));
    if (isEntrepotError(found)) return void others.push({ uri, problem: found });
    const members = objects.get(cached);
    if (members === undefined) objects.set(cached, [found]);
    else members.push(found);
  };
  await runJobs(itemsOf(sources), context.settings.concurrency, take, signal);
  for (const [cached, members] of objects)
    yield { cached, request: { asked: { kind: "list", key: "" }, uri: cached.uri, members } };
  yield* others;
}

/** What stands in a list: an address, perhaps with what a listing said of it. */
export interface Item {
  readonly address: Address;
  readonly entry: Partial<ObjectEntry> | undefined;
}

export async function* itemsOf(sources: Sources): AsyncGenerator<Item> {
  for await (const item of sources) {
    if (typeof item === "object" && "uri" in item) yield { address: item.uri, entry: item };
    else yield { address: item, entry: undefined };
  }
}

type Listed = Pick<ObjectEntry, "sizeBytes" | "etag" | "modifiedMs">;

function isWhole(entry: Partial<ObjectEntry> | undefined): entry is Partial<ObjectEntry> & Listed {
  const { sizeBytes, etag, modifiedMs } = entry ?? {};
  return typeof sizeBytes === "number" && typeof etag === "string" && typeof modifiedMs === "number";
}

function listed({ sizeBytes, etag, modifiedMs }: Listed): Listed {
  return { sizeBytes, etag, modifiedMs };
}
