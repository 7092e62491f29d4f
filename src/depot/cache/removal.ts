/** A removal of entries, told as every transfer is told. */
import type { Cache, RemovalOptions, Usage } from "../../cache/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { TransferReport } from "../../transfer/index.ts";
import type { CacheRemovalOptions } from "../cache-types.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";

const nothing = { objects: 0, sizeBytes: 0 };

/** Runs `remove`, which gives what went (or would), and reports it. */
export async function removal(
  context: Context,
  options: CacheRemovalOptions,
  remove: (options: RemovalOptions) => Promise<Usage | undefined>,
): Promise<TransferReport> {
  const startMs = context.now();
  const { dryRun, onFile, onProgress } = options;
  const status = dryRun === true ? "planned" : "done";
  const done = { objects: 0, sizeBytes: 0 };
  // Without a listener no record is read: what goes may be a million entries.
  const onEntry: RemovalOptions["onEntry"] =
    onFile === undefined && onProgress === undefined
      ? undefined
      : ({ uri, sizeBytes }) => {
          done.objects += 1;
          done.sizeBytes += sizeBytes;
          onFile?.({ uri, target: undefined, action: "remove", status, sizeBytes, error: undefined });
          onProgress?.({
            uri,
            doneObjects: done.objects,
            totalObjects: undefined,
            doneBytes: done.sizeBytes,
            totalBytes: undefined,
          });
        };
  const failures: EntrepotError[] = [];
  const onStuck: RemovalOptions["onStuck"] = ({ uri, sizeBytes, error }) => {
    failures.push(error);
    if (uri !== undefined) onFile?.({ uri, target: undefined, action: "remove", status: "failed", sizeBytes, error });
  };
  const removed = (await remove({ dryRun, signal: signalOf(context, options), onEntry, onStuck })) ?? nothing;
  if (failures[0] !== undefined) throw summary(failures[0], failures, removed);
  return {
    dryRun: dryRun ?? false,
    written: undefined,
    copied: nothing,
    skipped: nothing,
    removed,
    failed: [],
    elapsedMs: context.now() - startMs,
  };
}

/** The error of a removal of which a part failed. */
function summary(first: EntrepotError, failures: readonly EntrepotError[], removed: Usage): EntrepotError {
  const { code, hint, retryable, message } = first;
  const count = failures.length === 1 ? "1 file" : `${failures.length} files`;
  const text = `${count} of the cache could not be removed, ${removed.objects} objects were: ${message}`;
  return new EntrepotError(code, text, { hint, retryable, cause: first, failures });
}

/** What a removal leaves there: what is pinned, what is held. */
export async function staying(
  cache: Cache | undefined,
  address: string | undefined,
  dryRun: boolean,
  signal: AbortSignal | undefined,
): Promise<Usage> {
  const left = { objects: 0, sizeBytes: 0 };
  for await (const { pinIds, holders, isInUseHere, sizeBytes } of cache?.list(address, signal) ?? []) {
    if (dryRun && pinIds.length === 0 && holders.length === 0 && !isInUseHere) continue;
    left.objects += 1;
    left.sizeBytes += sizeBytes;
  }
  return left;
}
