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
  if (cache === undefined) return { ...nothing, pinned: nothing, ranges: nothing, inUse: nothing, detail: undefined };
  const sums = await untilAborted(cache.stats(), signal);
  return { ...sums, detail: options.detail === true ? await detailOf(context, cache, signal) : undefined };
}

async function detailOf({ disk }: Context, cache: Cache, signal: AbortSignal | undefined): Promise<CacheDetail> {
  const survey = await cache.survey(signal);
  const isThere = (await disk.stat(cache.dir, { followLinks: true })) !== undefined;
  return { ...survey, freeBytes: isThere ? await disk.freeBytes(cache.dir) : undefined };
}
