/** Which failures mean that an object is not there: its absence, and nothing else. */
import { EntrepotError, isEntrepotError, isMissingBucket } from "../../error/index.ts";

/**
 * `undefined` for an object that is not there: a reader of Zarr takes that for values that nobody wrote. `look` is asked about what is not
 * in the cache, since a pinned listing may know offline that there is none.
 */
export async function orMissing<T>(read: () => Promise<T>, look?: () => Promise<unknown>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (isEntrepotError(error, "not-cached") && (await look?.().then(() => false, missingOrThrow)) === true)
      return undefined;
    throw isEntrepotError(error, "forbidden") ? perhapsMissing(error) : error;
  }
}

function isMissing(error: unknown): boolean {
  return isEntrepotError(error, "not-found") && !isMissingBucket(error);
}

/** An abort is no answer. */
function missingOrThrow(error: unknown): boolean {
  if (!isEntrepotError(error)) throw error;
  return isMissing(error);
}

/** S3 does not tell whoever may not list a bucket that an object is missing: the answer is 403 either way. */
function perhapsMissing(error: EntrepotError): EntrepotError {
  const { uri, message, failures, hint } = error;
  return new EntrepotError("forbidden", message, {
    uri,
    failures,
    cause: error,
    hint: `${hint} S3 answers 403 for an object that is missing, too, unless the reader may list the bucket: with s3:ListBucket a chunk that was never written is told from one that may not be read.`,
  });
}
