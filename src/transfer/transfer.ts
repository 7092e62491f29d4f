/**
 * Copies, moves and removes many objects: jobs come as a stream, run with bounded concurrency, and each ends as one line
 * of the report. A failed object never stops the others.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { type CopyConditions, copyObject, type ObjectPlace } from "./copy-object.ts";
import type { FileResult, TransferReport, Written } from "./report.ts";
import { runJobs } from "./run-jobs.ts";
import { Tally, type TallyOptions } from "./tally.ts";

export interface TransferSettings extends TallyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Objects at once. */
  readonly concurrency: number;
}

/** One object to be copied. `problem` is a failure that the planning found: it is reported, nothing is tried. */
export interface CopyJob {
  readonly from: ObjectPlace;
  readonly to: ObjectPlace;
  /** `undefined` when the planning did not learn it. */
  readonly sizeBytes: number | undefined;
  /** The version that the planning saw. A move takes and removes exactly this one. */
  readonly etag?: string | undefined;
  readonly problem?: EntrepotError | undefined;
}

/** Copies each job; with `move`, removes each source after its copy stands. */
export async function transferObjects(
  jobs: AsyncIterable<CopyJob>,
  settings: TransferSettings & CopyConditions & { readonly move?: boolean | undefined },
): Promise<TransferReport> {
  const tally = new Tally(settings);
  await runJobs(
    jobs,
    settings.concurrency,
    async (job) => {
      const base = {
        uri: job.from.uri,
        target: job.to.uri,
        action: "copy",
        sizeBytes: job.sizeBytes ?? 0,
        error: undefined,
      } as const;
      if (job.problem !== undefined) return tally.add({ ...base, status: "failed", error: job.problem });
      if (settings.dryRun === true) return tally.add({ ...base, status: "planned" });
      await attempt(tally, base, settings.signal, async () => {
        const { written, sourceEtag } = await copyObject(job.from, job.to, job.sizeBytes, {
          signal: settings.signal,
          ...conditionsOf(settings),
          sourceEtag: settings.move === true ? job.etag : undefined,
        });
        if (settings.move === true) await removeSource(job.from, sourceEtag, settings.signal);
        const { etag, sizeBytes, versionId } = written;
        return { uri: job.to.uri, etag, sizeBytes, versionId };
      });
    },
    settings.signal,
  );
  return tally.finish();
}

/** One object to be removed. */
export interface RemoveJob {
  readonly what: ObjectPlace;
  readonly sizeBytes: number;
  /** False: it is not there, which is success and counts nothing. Default true. */
  readonly exists?: boolean | undefined;
  readonly problem?: EntrepotError | undefined;
}

/** Removes each job; missing is success. */
export async function removeObjects(
  jobs: AsyncIterable<RemoveJob>,
  settings: TransferSettings & { readonly ifMatch?: string | undefined },
): Promise<TransferReport> {
  const tally = new Tally(settings);
  await runJobs(
    jobs,
    settings.concurrency,
    async ({ what, sizeBytes, exists, problem }) => {
      const base = {
        uri: what.uri,
        target: undefined,
        action: exists === false ? "skip" : "remove",
        sizeBytes,
        error: undefined,
      } as const;
      if (problem !== undefined) return tally.add({ ...base, status: "failed", error: problem });
      if (settings.dryRun === true) return tally.add({ ...base, status: "planned" });
      await attempt(tally, base, settings.signal, async () => {
        if (exists !== false)
          await what.store.delete(what.key, {
            signal: settings.signal,
            versionId: what.versionId,
            ...(settings.ifMatch === undefined ? {} : { ifMatch: settings.ifMatch }),
          });
        return undefined;
      });
    },
    settings.signal,
  );
  return tally.finish();
}

async function attempt(
  tally: Tally,
  base: Omit<FileResult, "status">,
  signal: AbortSignal | undefined,
  work: () => Promise<Written | undefined>,
): Promise<void> {
  try {
    const written = await work();
    tally.add({ ...base, sizeBytes: written?.sizeBytes ?? base.sizeBytes, status: "done" }, written);
  } catch (error) {
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    tally.add({ ...base, status: "failed", error });
  }
}

function conditionsOf(settings: CopyConditions): CopyConditions {
  return settings.ifMatch === undefined ? { ifNoneMatch: settings.ifNoneMatch } : { ifMatch: settings.ifMatch };
}

/** Removes just the version that was copied, so that a newer one written meanwhile is not lost. */
async function removeSource(
  from: ObjectPlace,
  etag: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (etag === undefined) return from.store.delete(from.key, { signal, versionId: from.versionId });
  try {
    await from.store.delete(from.key, { signal, ifMatch: etag });
  } catch (error) {
    // some servers know no conditional delete; refusing the move there would help nobody
    if (isEntrepotError(error, "unsupported")) return from.store.delete(from.key, { signal });
    if (!isEntrepotError(error, "precondition-failed")) throw error;
    throw new EntrepotError("changed", `${from.uri} was replaced after it was copied, so it was not removed`, {
      uri: from.uri,
      cause: error,
      hint: "the copy stands; move it again to take the newer version",
    });
  }
}
