/** One object of many is copied or moved: what its job says, and what becomes of its source. */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { isStrongEtag } from "../store/index.ts";
import { type CopyConditions, copyObject, type ObjectPlace, type Recode } from "./copy-object.ts";
import type { Marks } from "./journal/marks.ts";
import { copyLarge } from "./large-copy.ts";
import type { CopyJob } from "./object-jobs.ts";
import type { Written } from "./report.ts";

export interface CopySettings {
  readonly signal?: AbortSignal | undefined;
  /** What each target must be. */
  readonly condition?: CopyConditions | undefined;
  /** Remove each source after its copy stands. */
  readonly move?: boolean | undefined;
  /** Copy exactly the versions that the planning saw, where their servers can tell them apart. A move always does. */
  readonly pinned?: boolean | undefined;
  /** How bodies change on their way; nothing where the stored bytes are copied as they are. */
  readonly recode?: ((job: CopyJob) => Recode | undefined) | undefined;
}

/** What a copy is told of and tells while it is under way. */
export interface CopyCompany {
  readonly onBytes: (doneBytes: number) => void;
  /** Where it is written down how far a large object is; without them it is not. */
  readonly marks: Marks | undefined;
}

/** Copies it; with `move`, removes its source after the copy stands. Errors of `copyObject` and of a removal. */
export async function copyItem(
  job: CopyJob,
  { signal, condition, move = false, pinned = false, recode: recodeOf }: CopySettings,
  { onBytes, marks }: CopyCompany,
): Promise<Written> {
  const { from, to, contentType, modifiedMs } = job;
  const recode = recodeOf?.(job);
  const large =
    recode === undefined && marks !== undefined
      ? await copyLarge(job, { marks, signal, condition, onBytes })
      : undefined;
  const { written, sourceEtag } =
    large ??
    (await copyObject(from, to, job.sizeBytes, {
      signal,
      condition,
      contentType,
      modifiedMs,
      recode,
      sourceEtag: move || (pinned && isStrongEtag(job.etag ?? "")) ? job.etag : undefined,
      onBytes,
    }));
  const { queued, etag, sizeBytes, versionId } = written;
  if (move && queued === true) throw stillNeeded(from, to);
  if (move) await removeSource(from, sourceEtag, signal);
  return { uri: to.uri, etag, sizeBytes, versionId, ...(queued === undefined ? undefined : { queued }) };
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
