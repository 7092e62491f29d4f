/** Where something can be pinned: what is remote, while there is a cache. */
import type { CachedStore } from "../../cache/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Address } from "../../uri/index.ts";
import type { Context, Place } from "../context.ts";

/** Errors: misconfigured without a cache, unsupported for what is read in place. */
export async function pinPlace(
  context: Context,
  address: Address,
): Promise<Place & { readonly cached: CachedStore; readonly uri: string }> {
  const place = await context.place(address, "read");
  const { cached, uri, location } = place;
  if (cached !== undefined) {
    const { store, bucket, key, versionId } = place;
    return { uri, location, store, bucket, cached, key, versionId };
  }
  const isRemote = location.scheme !== "file" && location.scheme !== "memory";
  if (isRemote)
    throw new EntrepotError("misconfigured", `${uri} cannot be pinned: there is no cache`, {
      uri,
      hint: "The setting cache is false (ENTREPOT_CACHE=0); leave it out.",
    });
  throw new EntrepotError("unsupported", `${uri} cannot be pinned: it is read in place`, {
    uri,
    hint: "Only what is remote is kept close by.",
  });
}
