/** Copies with their state in words, one by one or that of one address. */
import type { Cache, KeptEntry } from "../../cache/index.ts";
import type { Address } from "../../uri/index.ts";
import type { Context, Place } from "../context.ts";
import type { CacheEntry, CacheExplanation } from "./types.ts";
import { leavesWhen, limitsInWords, stateOf } from "./words.ts";

/** Gives every copy its state, as things stand when it is asked. */
export async function describer(context: Context, cache: Cache): Promise<(kept: KeptEntry) => CacheEntry> {
  const { network, cache: settings } = context.settings;
  const maxAgeMs = settings === false ? 0 : settings.maxAgeMs;
  const pins = new Map((await cache.pins()).map(({ id, uri }) => [id, uri]));
  return (kept) => {
    const { uri, etag, versionId, sizeBytes, path, fetchedMs, checkedMs, usedMs, verified } = kept;
    return {
      uri,
      etag,
      versionId,
      sizeBytes,
      path,
      fetchedMs,
      checkedMs,
      usedMs,
      ...stateOf(kept, { network, maxAgeMs }, context.now()),
      verified,
      complete: kept.isComplete,
      pinned: kept.pinIds.length > 0,
      pinnedBy: kept.pinIds.map((id) => pins.get(id) ?? id),
      held: kept.isInUseHere || kept.holders.length > 0,
      heldBy: kept.holders,
    };
  };
}

/** What there is of one address, by the identity with which this depot reads it. Asks nobody. */
export async function explainOf(
  context: Context,
  open: () => Cache | undefined,
  address: Address,
): Promise<CacheExplanation> {
  const place = await context.place(address, "read");
  const { uri, cached } = place;
  const cache = open();
  if (cached === undefined || cache === undefined) {
    return { uri, entry: undefined, nextRead: withoutCache(place), leaves: "there is no copy" };
  }
  const kept = await cache.lookAt(cached.entryOf(place.key, place.versionId));
  if (kept === undefined) {
    const offline = context.settings.network === "offline";
    const nextRead = offline ? "fails: offline, and there is no copy (not-cached)" : "fetches it, and keeps a copy";
    return { uri, entry: undefined, nextRead, leaves: "there is no copy" };
  }
  const entry = (await describer(context, cache))(kept);
  const reads = { fresh: "takes the copy", asks: "asks the server, then takes the copy", outdated: "asks the server" };
  return {
    uri,
    entry,
    nextRead: `${reads[entry.state]}: ${entry.why}`,
    leaves: leavesWhen(entry, limitsInWords(context.settings)),
  };
}

function withoutCache({ location }: Place): string {
  if (location.scheme === "file") return "reads the file in place: of what lies on this disk no copy is made";
  if (location.scheme === "memory") return "reads it in place: it lies in this process";
  return "fetches it and keeps no copy: the cache is switched off";
}
