/** Making, removing and listing buckets. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../object-store.ts";
import { Doubt } from "../remote/doubt.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { isRegion } from "./endpoint.ts";
import { callS3, type S3Calls } from "./s3-calls.ts";
import { readXml } from "./xml.ts";
import { documentBody, xmlDocument } from "./xml-document.ts";

/** One bucket of the account. */
export interface BucketInfo {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
}

/** Makes the bucket. Error: already-exists, whoever has it. */
export async function createBucket(
  context: BucketContext,
  options: RequestOptions & { readonly region?: string | undefined },
): Promise<void> {
  const { bucket, sender } = context;
  const uri = `s3://${bucket}`;
  const { region } = options;
  if (region !== undefined && !isRegion(region)) throw new RangeError(`${JSON.stringify(region)} is not a region`);
  // One region of AWS says 200 to a bucket that is there.
  if (await isTaken(context, options))
    throw new EntrepotError("already-exists", `the bucket ${bucket} exists`, { uri });
  if (sender.endpoint.aws && region !== undefined) sender.moveBucket(bucket, region);
  const place = region ?? (sender.endpoint.aws ? sender.endpoint.region : undefined);
  const xml =
    place === undefined || place === "us-east-1"
      ? ""
      : xmlDocument("CreateBucketConfiguration", `<LocationConstraint>${place}</LocationConstraint>`);
  const doubt = new Doubt();
  try {
    const request = { method: "PUT", bucket, ...documentBody(Buffer.from(xml)), uri } as const;
    await callS3(context, request, options, { onFailure: doubt.onFailure });
  } catch (error) {
    const isOwn = isEntrepotError(error, "already-exists") && error.message.includes("BucketAlreadyOwnedByYou");
    // It is ours and was not there before: the try whose answer was lost made it.
    if (!doubt.exists || !isOwn) throw error;
  }
}

/** Removes the empty bucket. */
export async function removeBucket(context: BucketContext, options: RequestOptions): Promise<void> {
  const { bucket } = context;
  const doubt = new Doubt();
  try {
    await callS3(context, { method: "DELETE", bucket, uri: `s3://${bucket}` }, options, { onFailure: doubt.onFailure });
  } catch (error) {
    if (!doubt.exists || !isEntrepotError(error, "not-found")) throw error;
  }
}

/** The account's buckets, in the server's order. */
export async function listBuckets(calls: S3Calls, options: RequestOptions): Promise<readonly BucketInfo[]> {
  const buckets: BucketInfo[] = [];
  let token: string | undefined;
  for (;;) {
    const query = encodeQuery({ "continuation-token": token });
    const { body } = await callS3(calls, { method: "GET", bucket: undefined, query, uri: "s3://" }, options, {
      maxBytes: 16 * 1024 * 1024,
    });
    const next = readBuckets(body, buckets);
    if (next === undefined) return buckets;
    if (next === token)
      throw new EntrepotError("protocol", "s3://: the server gives the same continuation token again");
    token = next;
  }
}

async function isTaken(context: BucketContext, options: RequestOptions): Promise<boolean> {
  try {
    await callS3(context, { method: "HEAD", bucket: context.bucket, uri: `s3://${context.bucket}` }, options);
    return true;
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return false;
    // Another's, or we may not ask: making it will say so.
    if (isEntrepotError(error, "forbidden", "misconfigured")) return false;
    throw error;
  }
}

/** Adds the page's buckets; gives the token of the next page. */
function readBuckets(body: Uint8Array, into: BucketInfo[]): string | undefined {
  let name = "";
  let created = "";
  let token: string | undefined;
  readXml(body, {
    close(element, text, depth) {
      if (depth === 3 && element === "Name") name = text;
      else if (depth === 3 && element === "CreationDate") created = text;
      else if (depth === 2 && element === "Bucket") into.push({ name, createdMs: Date.parse(created) || 0 });
      else if (depth === 1 && element === "ContinuationToken" && text !== "") token = text;
    },
  });
  return token;
}
