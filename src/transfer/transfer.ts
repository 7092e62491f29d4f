/**
 * Copies, moves and removes many objects: jobs come as a stream, run with bounded concurrency, and each ends as one line
 * of the report. A failed object never stops the others.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { type CopyConditions, copyObject, type ObjectPlace, type Recode } from "./copy-object.ts";
import type { FileResult, TransferReport, Written } from "./report.ts";
import { runJobs } from "./run-jobs.ts";
import { Tally, type TallyOptions } from "./tally.ts";

export interface TransferSettings extends TallyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Objects at once, from 1. */
  readonly concurrency: number;
}

export interface CopySettings extends TransferSettings {
  readonly condition?: CopyConditions | undefined;
  /** Remove each source after its copy stands. */
  readonly move?: boolean | undefined;
}

/** One object to be copied. `problem` is a failure that the planning found: it is reported, nothing is tried. */
export interface CopyJob {
  readonly from: ObjectPlace;
  readonly to: ObjectPlace;
  /** `undefined` when the planning did not learn it. */
  readonly sizeBytes: number | undefined;
  /** The version that the planning saw. A move takes and removes exactly this one. */
  readonly etag?: string | undefined;
  /** For a source that does not know its own. */
  readonly contentType?: string | undefined;
  readonly recode?: Recode | undefined;
  readonly problem?: EntrepotError | undefined;
}

/** Copies each job; with `move`, removes each source after its copy stands. */
export async function transferObjects(jobs: AsyncIterable<CopyJob>, settings: CopySettings): Promise<TransferReport> {
  const tally = new Tally(settings);
  const { signal, condition, move = false } = settings;
  const work = async (job: CopyJob): Promise<void> => {
    const { from, to, recode, contentType } = job;
    const planned = { uri: from.uri, target: to.uri, action: "copy", sizeBytes: job.sizeBytes ?? 0 } as const;
    await settle(tally, planned, job.problem, settings, async () => {
      const meter = tally.meter(from.uri);
      const { written, sourceEtag } = await copyObject(from, to, job.sizeBytes, {
        signal,
        condition,
        contentType,
        recode,
        sourceEtag: move ? job.etag : undefined,
        onBytes: meter,
      });
      if (move) await removeSource(from, sourceEtag, signal);
      const { etag, sizeBytes, versionId } = written;
      return { uri: to.uri, etag, sizeBytes, versionId };
    });
  };
  await runJobs(
    announced(jobs, tally, (job) => job.sizeBytes ?? 0),
    settings.concurrency,
    work,
    signal,
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
  const { signal, ifMatch } = settings;
  const work = async ({ what, sizeBytes, exists = true, problem }: RemoveJob): Promise<void> => {
    const planned = { uri: what.uri, target: undefined, action: exists ? "remove" : "skip", sizeBytes } as const;
    await settle(tally, planned, problem, settings, async () => {
      if (exists) await what.store.delete(what.key, { signal, versionId: what.versionId, ifMatch });
      return undefined;
    });
  };
  await runJobs(
    announced(jobs, tally, (job) => job.sizeBytes),
    settings.concurrency,
    work,
    signal,
  );
  return tally.finish();
}

/** Tells the total as soon as the planning has ended, which it mostly does long before the work. */
async function* announced<J>(jobs: AsyncIterable<J>, tally: Tally, size: (job: J) => number): AsyncGenerator<J> {
  let objects = 0;
  let sizeBytes = 0;
  for await (const job of jobs) {
    objects += 1;
    sizeBytes += size(job);
    yield job;
  }
  tally.expect({ objects, sizeBytes });
}

type Planned = Pick<FileResult, "uri" | "target" | "action" | "sizeBytes">;

/** Brings one job to its one line in the report. What is no failure of the object ends the whole transfer. */
async function settle(
  tally: Tally,
  planned: Planned,
  problem: EntrepotError | undefined,
  { dryRun, signal }: TransferSettings,
  work: () => Promise<Written | undefined>,
): Promise<void> {
  if (problem !== undefined) return tally.add({ ...planned, status: "failed", error: problem });
  if (dryRun === true) return tally.add({ ...planned, status: "planned", error: undefined });
  let written: Written | undefined;
  try {
    written = await work();
  } catch (error) {
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    return tally.add({ ...planned, status: "failed", error });
  }
  const sizeBytes = written?.sizeBytes ?? planned.sizeBytes;
  tally.add({ ...planned, sizeBytes, status: "done", error: undefined }, written);
}

/** Without an ETag nobody can tell the version that was copied from one that was written since. */
function notRemoved(from: ObjectPlace, cause: unknown): EntrepotError {
  return new EntrepotError(
    "unsupported",
    `${from.uri} was copied, but not removed: its server tells versions not apart`,
    {
      uri: from.uri,
      cause,
      hint: "the copy stands; remove the source when nobody writes to it",
    },
  );
}

/** Removes just the version that was copied, so that a newer one written meanwhile is not lost. */
async function removeSource(
  from: ObjectPlace,
  etag: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { store, key, versionId } = from;
  if (etag === undefined || versionId !== undefined) return store.delete(key, { signal, versionId });
  try {
    await store.delete(key, { signal, ifMatch: etag });
  } catch (error) {
    if (isEntrepotError(error, "unsupported")) throw notRemoved(from, error);
    if (!isEntrepotError(error, "precondition-failed")) throw error;
    throw new EntrepotError("changed", `${from.uri} was replaced after it was copied, so it was not removed`, {
      uri: from.uri,
      cause: error,
      hint: "the copy stands; move it again to take the newer version",
    });
  }
}
