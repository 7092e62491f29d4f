/** A removal of entries, told as every transfer is told. */
import type { CacheEntry, RemovalOptions, Usage } from "../../cache/index.ts";
import type { TransferReport } from "../../transfer/index.ts";
import type { CacheRemovalOptions } from "../cache-types.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";

const nothing = { objects: 0, sizeBytes: 0 };

/** Runs `remove`, which gives what went (or would), and reports it. */
export async function removal(
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
