/** How much is kept, and where asked what of which kind. */
import type { Cache } from "../../cache/index.ts";
import { untilAborted } from "../../store/index.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import type { CacheDetail, CacheStats, CacheStatsOptions } from "./types.ts";

const nothing = { objects: 0, sizeBytes: 0 };

export async function statsOf(
  context: Context,
  cache: Cache | undefined,
  options: CacheStatsOptions = {},
): Promise<CacheStats> {
  const signal = signalOf(context, options);
  const { cache: settings } = context.settings;
  const maxBytes = settings === false ? undefined : settings.maxBytes;
  if (cache === undefined)
    return { ...nothing, maxBytes, pinned: nothing, held: nothing, pieces: nothing, detail: undefined };
  const { objects, sizeBytes, pinned, inUse, ranges } = await untilAborted(cache.stats(), signal);
  const detail = options.detail === true ? await detailOf(context, cache, signal) : undefined;
  return { objects, sizeBytes, maxBytes, pinned, held: inUse, pieces: ranges, detail };
}

async function detailOf({ disk }: Context, cache: Cache, signal: AbortSignal | undefined): Promise<CacheDetail> {
  const survey = await cache.survey(signal);
  const isThere = (await disk.stat(cache.dir, { followLinks: true })) !== undefined;
  return { ...survey, freeBytes: isThere ? await disk.freeBytes(cache.dir) : undefined };
}
