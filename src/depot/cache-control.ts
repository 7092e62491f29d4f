/**
 * The cache as its users see it: what is in it, how large it is, and what should go.
 */
import { resolve } from "node:path";
import type { Cache } from "../cache/index.ts";
import { type Address, formatUri } from "../uri/index.ts";
import type { CacheControl } from "./cache-types.ts";
import { signalOf } from "./calls.ts";
import { withClosedOptions } from "./closed-options.ts";
import type { Context } from "./context.ts";
import { diskPath } from "./disk-file.ts";
import { listingOf } from "./listing.ts";
import { pinOf, pinsAt } from "./offline.ts";

const management = () => import("./cache/management.ts");
const noLinks = { links: 0, added: 0, removed: 0, hidden: 0 };

/** The control of the cache that `open` gives, when it is first asked for something; of none where it gives none. */
export function cacheControl(context: Context, open: () => Cache | undefined): CacheControl {
  const settings = context.settings.cache;
  const control: CacheControl = {
    enabled: settings !== false,
    dir: settings === false ? "" : settings.dir,
    stats: async (options) => (await management()).statsOf(context, open(), options),
    list: (folder, options) =>
      listingOf(async function* () {
        const cache = open();
        if (cache === undefined) return;
        const describe = await (await management()).describer(context, cache);
        for await (const kept of cache.list(uriOf(context, folder), signalOf(context, options))) yield describe(kept);
      }),
    explain: async (address) => (await management()).explainOf(context, open, address),
    pin: async (what, options) => {
      const { pinObjects, warnOfPins } = await management();
      const report = await pinObjects(context, what, options);
      if (options?.dryRun !== true) await warnOfPins(context, open());
      return report;
    },
    unpin: async (what, options) => (await management()).unpinOf(context, what, options),
    pins: (folder, options) =>
      listingOf(async function* () {
        signalOf(context, options);
        for (const { pin } of await pinsAt(open(), uriOf(context, folder))) yield pinOf(pin);
      }),
    prune: async (limits, options = {}) => {
      const { pruneLimits, removal } = await management();
      const wanted = pruneLimits(context, limits);
      return removal(context, options, async (removing) => open()?.prune({ ...wanted, ...removing }));
    },
    clear: async (folder, options = {}) => {
      const { removal, staying } = await management();
      const below = uriOf(context, folder);
      const report = await removal(context, options, async (removing) => open()?.clear(below, removing));
      return { ...report, skipped: await staying(open(), below, report.dryRun, signalOf(context, options)) };
    },
    verify: async (options = {}) => (await management()).verifyOf(context, open(), options),
    link: async (toDir, options = {}) => {
      const path = resolve(diskPath(context, toDir));
      const report = await open()?.link(path, uriOf(context, options.folder), signalOf(context, options));
      return { path, ...(report ?? noLinks) };
    },
  };
  return withClosedOptions(control, "cache.");
}

function uriOf(context: Context, address: Address | undefined): string | undefined {
  return address === undefined ? undefined : formatUri(context.locate(address, "read"));
}
