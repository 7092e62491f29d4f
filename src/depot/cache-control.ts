/**
 * The cache as its users see it: what is in it, how large it is, and what should go.
 */
import type { Cache, CacheEntry, RemovalOptions, Usage } from "../cache/index.ts";
import { type Check, type Hint, mistakeInValues } from "../error/index.ts";
import { untilAborted } from "../store/index.ts";
import type { TransferReport } from "../transfer/index.ts";
import { type Address, formatUri } from "../uri/index.ts";
import type { CacheControl, CacheRemovalOptions, PruneLimits } from "./cache-types.ts";
import { signalOf } from "./calls.ts";
import { withClosedOptions } from "./closed-options.ts";
import type { Context } from "./context.ts";
import { listingOf } from "./listing.ts";
import { type Checks, isByteSize, isDuration } from "./option-checks.ts";
import { durationMs, parseByteSize } from "./units.ts";

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

const limitChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    maxBytes: isByteSize,
    olderThan: (value, name, what) =>
      value instanceof Date ? isValidDate(value, name, what) : isDuration(value, name, what),
    unusedFor: isDuration,
  } satisfies Checks),
);
const limitHint: Hint = (name) => (name === "dryRun" ? "options come second: prune(limits, { dryRun })" : undefined);

function isValidDate(value: Date, name: string, what: string): RangeError | undefined {
  return Number.isNaN(value.getTime()) ? new RangeError(`${name} of ${what} is an invalid date`) : undefined;
}

function pruneLimits(
  context: Context,
  limits: PruneLimits | undefined,
): {
  readonly maxBytes: number | undefined;
  readonly olderThanMs: number | undefined;
  readonly unusedForMs: number | undefined;
} {
  const mistake = mistakeInValues("cache.prune()", limits ?? {}, limitChecks, { hint: limitHint });
  if (mistake !== undefined) throw mistake;
  const { maxBytes, olderThan, unusedFor } = limits ?? {};
  if (maxBytes === undefined && olderThan === undefined && unusedFor === undefined)
    throw new TypeError("prune needs a limit: maxBytes, olderThan or unusedFor; cache.clear() removes everything");
  const olderThanMs =
    olderThan instanceof Date
      ? context.now() - olderThan.getTime()
      : olderThan === undefined
        ? undefined
        : durationMs(olderThan);
  return {
    maxBytes: maxBytes === undefined ? undefined : parseByteSize(maxBytes),
    olderThanMs,
    unusedForMs: unusedFor === undefined ? undefined : durationMs(unusedFor),
  };
}

/** Runs a removal and tells it as every transfer is told. */
async function removal(
  context: Context,
  options: CacheRemovalOptions,
  remove: (options: RemovalOptions) => Promise<readonly CacheEntry[] | undefined>,
): Promise<TransferReport> {
  const startMs = context.now();
  const { dryRun, onFile, onProgress } = options;
  const status = dryRun === true ? "planned" : "done";
  const removed = (await remove({ dryRun, signal: signalOf(context, options) })) ?? [];
  const total = usageOf(removed);
  const done = { objects: 0, sizeBytes: 0 };
  for (const { uri, sizeBytes } of removed) {
    done.objects += 1;
    done.sizeBytes += sizeBytes;
    onFile?.({ uri, target: undefined, action: "remove", status, sizeBytes, error: undefined });
    onProgress?.({
      uri,
      doneObjects: done.objects,
      totalObjects: total.objects,
      doneBytes: done.sizeBytes,
      totalBytes: total.sizeBytes,
    });
  }
  return {
    dryRun: dryRun ?? false,
    written: undefined,
    copied: nothing,
    skipped: nothing,
    removed: total,
    failed: [],
    elapsedMs: context.now() - startMs,
  };
}

function usageOf(entries: readonly CacheEntry[]): Usage {
  return { objects: entries.length, sizeBytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}
