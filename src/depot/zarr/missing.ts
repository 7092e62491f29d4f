/** Which failures mean that an object is not there: its absence, and nothing else. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";

/** `undefined` for an object that is not there. A reader of Zarr takes that for values that nobody wrote. */
export async function orMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isEntrepotError(error, "not-found") && !error.message.includes("NoSuchBucket")) return undefined;
    throw isEntrepotError(error, "forbidden") ? perhapsMissing(error) : error;
  }
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
