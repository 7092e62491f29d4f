/**
 * Copies and moves many objects: jobs come as a stream, run with bounded concurrency, and each ends as one line
 * of the report. A failed object never stops the others.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { type CopyConditions, copyObject, type ObjectPlace, type Recode } from "./copy-object.ts";
import type { TransferReport } from "./report.ts";
import { runJobs } from "./run-jobs.ts";
import { announced, settle, type TransferSettings } from "./settle.ts";
import { Tally } from "./tally.ts";

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
      const { queued } = written;
      if (move && queued === true) throw stillNeeded(from, to);
      if (move) await removeSource(from, sourceEtag, signal);
      const { etag, sizeBytes, versionId } = written;
      return { uri: to.uri, etag, sizeBytes, versionId, ...(queued === undefined ? undefined : { queued }) };
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

/** What is queued may meet a conflict: until it is sent, the source is what counts. */
function stillNeeded(from: ObjectPlace, to: ObjectPlace): EntrepotError {
  return new EntrepotError("unreachable", `${from.uri} waits to be sent to ${to.uri}, and was not removed`, {
    uri: from.uri,
    retryable: false,
    hint: "entrepot offline push sends it; remove the source then",
  });
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
