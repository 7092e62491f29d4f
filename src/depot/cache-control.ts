/**
 * The cache as its users see it: what is in it, how large it is, and what should go.
 */
import type { Cache } from "../cache/index.ts";
import { untilAborted } from "../store/index.ts";
import { type Address, formatUri } from "../uri/index.ts";
import { pinObjects } from "./cache/pin.ts";
import { pruneLimits } from "./cache/prune-limits.ts";
import { removal } from "./cache/removal.ts";
import { unpinOf } from "./cache/unpin.ts";
import type { CacheControl } from "./cache-types.ts";
import { signalOf } from "./calls.ts";
import { withClosedOptions } from "./closed-options.ts";
import type { Context } from "./context.ts";
import { listingOf } from "./listing.ts";
import { pinOf, pinsAt } from "./offline.ts";

const nothing = { objects: 0, sizeBytes: 0 };

/** The control of the cache that `open` gives, when it is first asked for something; of none where it gives none. */
export function cacheControl(context: Context, open: () => Cache | undefined): CacheControl {
  const settings = context.settings.cache;
  const control: CacheControl = {
    enabled: settings !== false,
    dir: settings === false ? "" : settings.dir,
    async stats(options) {
      const signal = signalOf(context, options);
      const maxBytes = settings === false ? undefined : settings.maxBytes;
      const usage = await untilAborted(open()?.stats() ?? Promise.resolve(nothing), signal);
      return { ...usage, maxBytes, pinned: nothing };
    },
    list: (folder, options) =>
      listingOf(async function* () {
        const signal = signalOf(context, options);
        for await (const entry of open()?.list(uriOf(context, folder)) ?? []) {
          signal?.throwIfAborted();
          yield entry;
        }
      }),
    pin: (what, options) => pinObjects(context, what, options),
    unpin: (what, options) => unpinOf(context, what, options),
    pins: (folder, options) =>
      listingOf(async function* () {
        signalOf(context, options);
        for (const { pin } of await pinsAt(open(), uriOf(context, folder))) yield pinOf(pin);
      }),
    prune: async (limits, options = {}) => {
      const wanted = pruneLimits(context, limits);
      return removal(context, options, async (removing) => open()?.prune({ ...wanted, ...removing }));
    },
    clear: async (folder, options = {}) => {
      const below = uriOf(context, folder);
      return removal(context, options, async (removing) => open()?.clear(below, removing));
    },
    async verify(options = {}) {
      const cache = open();
      if (cache === undefined) return { checked: nothing, damaged: [] };
      return cache.verify({ repair: options.repair, signal: signalOf(context, options) });
    },
  };
  return withClosedOptions(control, "cache.");
}

function uriOf(context: Context, address: Address | undefined): string | undefined {
  return address === undefined ? undefined : formatUri(context.locate(address, "read"));
}
