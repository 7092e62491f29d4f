/** DELETE of one object. */
import { EntrepotError, isEntrepotError, isMissingBucket } from "../../error/index.ts";
import type { DeleteOptions, RequestOptions } from "../object-store.ts";
import { Doubt } from "../remote/doubt.ts";
import { checkSwappable } from "../remote/etag.ts";
import type { BucketContext } from "./bucket-context.ts";
import { statObject, versionQuery } from "./read.ts";
import { callS3, objectUri, pathOfKey } from "./s3-calls.ts";

/** Deletes; missing is success unless `ifMatch` is given. */
export async function deleteObject(context: BucketContext, key: string, options: DeleteOptions): Promise<void> {
  pathOfKey(context.bucket, key);
  const { ifMatch, versionId } = options;
  const uri = objectUri(context.bucket, key, versionId);
  checkSwappable(ifMatch, uri);
  const doubt = new Doubt();
  // AWS itself heeds the condition: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
  if (ifMatch !== undefined && !context.sender.endpoint.aws) await checkBefore(context, key, ifMatch, options, uri);
  try {
    await callS3(
      context,
      {
        method: "DELETE",
        bucket: context.bucket,
        key,
        query: versionQuery(versionId),
        ...(ifMatch === undefined ? undefined : { headers: { "if-match": ifMatch } }),
        condition: ifMatch === undefined ? undefined : "match",
        uri,
      },
      options,
      { onFailure: doubt.onFailure },
    );
  } catch (error) {
    if (doubt.exists && isEntrepotError(error, "precondition-failed")) throw doubt.error("delete", uri, error);
    if (!isEntrepotError(error, "not-found") || isMissingBucket(error)) throw error;
    // Gone is what was wanted; after a lost answer it was this very version that was there when it was sent.
    if (ifMatch !== undefined && !doubt.exists) throw error;
  }
}

/** Deletes exactly this version; gone already is success. */
export async function deleteVersion(
  context: BucketContext,
  key: string,
  ifMatch: string,
  options: RequestOptions,
): Promise<void> {
  try {
    await deleteObject(context, key, { ...options, ifMatch });
  } catch (error) {
    if (!isEntrepotError(error, "not-found") || isMissingBucket(error)) throw error;
  }
}

/** Servers that do not know `If-Match` here would delete whatever they find. */
async function checkBefore(
  context: BucketContext,
  key: string,
  ifMatch: string,
  { versionId, signal, retry, timeouts }: DeleteOptions,
  uri: string,
): Promise<void> {
  const { etag } = await statObject(context, key, { versionId, signal, retry, timeouts });
  if (etag !== ifMatch) {
    throw new EntrepotError("precondition-failed", `${uri} is not the version to be deleted`, { uri });
  }
}
