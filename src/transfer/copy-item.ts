/** One object of many is copied or moved: what its job says, and what becomes of its source. */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { type CopyConditions, copyObject, type ObjectPlace, type Recode } from "./copy-object.ts";
import type { Written } from "./report.ts";

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
  /** The time that a file is to bear, milliseconds since 1970. Default: now. */
  readonly modifiedMs?: number | undefined;
  readonly problem?: EntrepotError | undefined;
}

export interface CopySettings {
  readonly signal?: AbortSignal | undefined;
  /** What each target must be. */
  readonly condition?: CopyConditions | undefined;
  /** Remove each source after its copy stands. */
  readonly move?: boolean | undefined;
  /** How bodies change on their way; nothing where the stored bytes are copied as they are. */
  readonly recode?: ((job: CopyJob) => Recode | undefined) | undefined;
}

/** Copies it; with `move`, removes its source after the copy stands. Errors of `copyObject` and of a removal. */
export async function copyItem(
  job: CopyJob,
  { signal, condition, move = false, recode }: CopySettings,
  onBytes: (doneBytes: number) => void,
): Promise<Written> {
  const { from, to, contentType, modifiedMs } = job;
  const { written, sourceEtag } = await copyObject(from, to, job.sizeBytes, {
    signal,
    condition,
    contentType,
    modifiedMs,
    recode: recode?.(job),
    sourceEtag: move ? job.etag : undefined,
    onBytes,
  });
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
