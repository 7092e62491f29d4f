/**
 * The cache as its users see it: what is in it, how large it is, and what should go.
 */
import type { Cache, CacheEntry, RemovalOptions } from "../cache/index.ts";
import type { TransferReport } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { signalOf } from "./calls.ts";
import type { Context } from "./context.ts";
import type { CacheControl, PruneLimits } from "./depot.ts";
import { listingOf } from "./listing.ts";
import type { CallOptions, TransferOptions } from "./options.ts";
import { durationMs, parseByteSize } from "./units.ts";

const nothing = { objects: 0, sizeBytes: 0 };

/** The control of a cache, or of none. */
export function cacheControl(
  context: Context,
  cache: Cache | undefined,
  folderUri: (address: Address) => string,
): CacheControl {
  const settings = context.settings.cache;
  return {
    enabled: cache !== undefined,
    dir: settings === false ? "" : settings.dir,
    async stats() {
      const maxBytes = settings === false ? undefined : settings.maxBytes;
      return { ...(cache === undefined ? nothing : await cache.stats()), maxBytes, pinned: nothing };
    },
    list: (folder) =>
      listingOf(async function* () {
        if (cache !== undefined) yield* cache.list(folder === undefined ? undefined : folderUri(folder));
      }),
    prune: async (limits, options = {}) => {
      const wanted = pruneLimits(context, limits);
      return removal(context, options, async (removing) => cache?.prune({ ...wanted, ...removing }));
    },
    clear: (folder, options = {}) => {
      const below = folder === undefined ? undefined : folderUri(folder);
      return removal(context, options, async (removing) => cache?.clear(below, removing));
    },
    async verify(options: CallOptions & { readonly repair?: boolean | undefined } = {}) {
      if (cache === undefined) return { checked: nothing, damaged: [] };
      return cache.verify({ repair: options.repair, signal: signalOf(context, options) });
    },
  };
}

function pruneLimits(
  context: Context,
  limits: PruneLimits,
): {
  readonly maxBytes: number | undefined;
  readonly olderThanMs: number | undefined;
  readonly unusedForMs: number | undefined;
} {
  const { maxBytes, olderThan, unusedFor } = limits;
  if (maxBytes === undefined && olderThan === undefined && unusedFor === undefined)
    throw new TypeError("prune needs a limit: maxBytes, olderThan or unusedFor; cache.clear() removes everything");
  const olderThanMs =
    olderThan instanceof Date
      ? context.now() - olderThan.getTime()
      : olderThan === undefined
        ? undefined
        : durationMs(olderThan);
  if (olderThanMs !== undefined && Number.isNaN(olderThanMs)) throw new RangeError("olderThan is an invalid date");
  return {
    maxBytes: maxBytes === undefined ? undefined : parseByteSize(maxBytes),
    olderThanMs,
    unusedForMs: unusedFor === undefined ? undefined : durationMs(unusedFor),
  };
}

/** Runs a removal and tells it as every transfer is told. */
async function removal(
  context: Context,
  options: TransferOptions,
  remove: (options: RemovalOptions) => Promise<readonly CacheEntry[] | undefined>,
): Promise<TransferReport> {
  const startMs = context.now();
  const { dryRun, onFile } = options;
  const status = dryRun === true ? "planned" : "done";
  const removed = (await remove({ dryRun, signal: signalOf(context, options) })) ?? [];
  let sizeBytes = 0;
  for (const entry of removed) {
    sizeBytes += entry.sizeBytes;
    onFile?.({
      uri: entry.uri,
      target: undefined,
      action: "remove",
      status,
      sizeBytes: entry.sizeBytes,
      error: undefined,
    });
  }
  return {
    dryRun: dryRun ?? false,
    written: undefined,
    copied: nothing,
    skipped: nothing,
    removed: { objects: removed.length, sizeBytes },
    failed: [],
    elapsedMs: context.now() - startMs,
  };
}
