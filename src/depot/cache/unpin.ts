/** Unpinning: nothing is asked of a server. */
import type { CachedStore, Usage } from "../../cache/index.ts";
import type { Address } from "../../uri/index.ts";
import { isFolderAddress, isSources } from "../address-kind.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import type { Sources } from "../entries.ts";
import type { SignalOptions } from "../options.ts";
import { itemsOf } from "./pin-lists.ts";
import { pinPlace } from "./pin-place.ts";

interface Asked {
  readonly key: string;
  readonly versionId: string | undefined;
}

export async function unpinOf(
  context: Context,
  what: Address | Sources,
  { prefix = false, ...options }: SignalOptions & { readonly prefix?: boolean | undefined } = {},
): Promise<Usage> {
  const signal = signalOf(context, options);
  const total = { objects: 0, sizeBytes: 0 };
  const add = ({ objects, sizeBytes }: Usage) => {
    total.objects += objects;
    total.sizeBytes += sizeBytes;
  };
  const stores = new Map<CachedStore, Asked[]>();
  const take = async (address: Address): Promise<void> => {
    const place = await pinPlace(context, address);
    const { cached, key, versionId } = place;
    if (prefix || isFolderAddress(address, place)) return add(await cached.unpin({ below: key }));
    const objects = stores.get(cached);
    if (objects === undefined) stores.set(cached, [{ key, versionId }]);
    else objects.push({ key, versionId });
  };
  if (!isSources(what)) await take(what);
  else
    for await (const { address } of itemsOf(what)) {
      signal?.throwIfAborted();
      await take(address);
    }
  for (const [cached, objects] of stores) add(await cached.unpin({ objects }));
  return total;
}
