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
  if (cache === undefined) return { ...nothing, maxBytes, pinned: nothing, detail: undefined };
  const detail = options.detail === true ? await detailOf(context, cache, signal) : undefined;
  const usage = await untilAborted(cache.stats(), signal);
  return { ...usage, maxBytes, pinned: detail?.pinned ?? usage.pinned, detail: detail?.told };
}

async function detailOf({ disk }: Context, cache: Cache, signal: AbortSignal | undefined) {
  const { whole: _, pinned, ...rest } = await cache.survey(signal);
  const isThere = (await disk.stat(cache.dir, { followLinks: true })) !== undefined;
  const told: CacheDetail = { ...rest, freeBytes: isThere ? await disk.freeBytes(cache.dir) : undefined };
  return { pinned, told };
}
