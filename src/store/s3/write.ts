/**
 * A write: one PUT, or parts where a body is large or its length unknown. A conditional PUT bears a mark: when an answer was lost,
 * what is there now is looked at before it is judged, and only the mark makes it ours. The same bytes may be somebody else's.
 */
import { isEntrepotError } from "../../error/index.ts";
import { bodySize } from "../body-chunks.ts";
import type { SizedSource, WriteBody, WriteOptions, WriteResult } from "../object-store.ts";
import { Doubt } from "../remote/doubt.ts";
import { checkSwappable } from "../remote/etag.ts";
import type { BucketContext } from "./bucket-context.ts";
import { descriptionHeaders } from "./description.ts";
import { checkEncrypted } from "./encryption.ts";
import { checkHeeded, inServersWords, requireConditions } from "./heeded-conditions.ts";
import { findOwnWrite, markHeader, newMark } from "./own-write.ts";
import { statObject } from "./read.ts";
import { callS3, objectUri, pathOfKey } from "./s3-calls.ts";
import { uploadBody } from "./upload-body.ts";
import { conditionHeaders, conditionOf } from "./write-condition.ts";

/** The most that S3 takes in one request, bytes. */
const largestPutBytes = 5 * 1024 ** 3;

/** Writes the whole body or nothing. */
export async function writeObject(
  context: BucketContext,
  key: string,
  body: WriteBody,
  options: WriteOptions,
): Promise<WriteResult> {
  pathOfKey(context.bucket, key);
  conditionOf(options);
  checkSwappable(options.ifMatch, objectUri(context.bucket, key));
  requireConditions(context, options, objectUri(context.bucket, key));
  const sizeBytes = bodySize(body);
  // S3 lets nobody begin an upload in parts without a name.
  const { anonymous } = context.sender.identity;
  const singleBytes = anonymous ? largestPutBytes : context.uploads.singleBytes;
  if (sizeBytes !== undefined && sizeBytes <= singleBytes && isSized(body))
    return putInServersWords(context, key, body, options);
  const marked = options.mark === undefined ? undefined : { [markHeader]: options.mark };
  const described = { ...descriptionHeaders(options), ...context.sender.encryption.write, ...marked };
  const { partedWrite, writeInParts, writeUnsized } = await import("./multipart.ts");
  const write = partedWrite(context, key, options, described);
  try {
    if (isSized(body)) return await writeInParts(write, body);
    return await writeUnsized(write, body, (bytes) => putInServersWords(context, key, bytes, options));
  } catch (error) {
    const ours = isFailedCondition(error) && options.mark !== undefined ? options.mark : undefined;
    const found = ours === undefined ? undefined : await findOwnWrite(context, key, ours, options);
    if (found === undefined) throw error;
    return { etag: found.etag, sizeBytes: found.sizeBytes, versionId: found.versionId };
  }
}

function isFailedCondition(error: unknown): boolean {
  return isEntrepotError(error, "already-exists", "precondition-failed", "not-found");
}

function isSized(body: WriteBody): body is Uint8Array | SizedSource {
  return body instanceof Uint8Array || body.sizeBytes !== undefined;
}

function putInServersWords(
  context: BucketContext,
  key: string,
  body: Uint8Array | SizedSource,
  options: WriteOptions,
): Promise<WriteResult> {
  return inServersWords(context, key, options, (bareEtag) => putObject(context, key, body, options, bareEtag));
}

async function putObject(
  context: BucketContext,
  key: string,
  body: Uint8Array | SizedSource,
  options: WriteOptions,
  bareEtag: boolean,
): Promise<WriteResult> {
  const uri = objectUri(context.bucket, key);
  const sizeBytes = body instanceof Uint8Array ? body.byteLength : body.sizeBytes;
  const condition = conditionOf(options);
  const mark = options.mark ?? (condition === undefined ? undefined : newMark());
  const doubt = new Doubt();
  const source = { uri, signal: options.signal };
  const upload = await uploadBody(context.sender, body, source, options.contentEncoding);
  try {
    const { headers } = await callS3(
      context,
      {
        method: "PUT",
        bucket: context.bucket,
        key,
        headers: {
          ...conditionHeaders(options, bareEtag),
          ...descriptionHeaders(options),
          ...context.sender.encryption.write,
          ...upload.headers,
          ...(mark === undefined ? undefined : { [markHeader]: mark }),
        },
        payloadHash: upload.payloadHash,
        body: upload.open,
        bodyBytes: sizeBytes,
        condition,
        uri,
      },
      options,
      { onFailure: doubt.onFailure },
    );
    checkEncrypted(context.sender.encryption, headers, uri);
    if (condition !== undefined) checkHeeded(context, headers, uri);
    const { etag, "x-amz-version-id": versionId } = headers;
    return etag === undefined || etag === ""
      ? await lookUp(context, key, sizeBytes, options)
      : { etag, sizeBytes, versionId };
  } catch (error) {
    // The earlier try may have been the one that made the condition false; of a mark that was given, that of an earlier call.
    if ((doubt.exists || options.mark !== undefined) && mark !== undefined && isFailedCondition(error)) {
      const ours = await findOwnWrite(context, key, mark, options);
      if (ours !== undefined) return { etag: ours.etag, sizeBytes, versionId: ours.versionId };
      if (doubt.exists) throw doubt.error("write", uri, error);
    }
    throw error;
  }
}

async function lookUp(
  context: BucketContext,
  key: string,
  sizeBytes: number,
  { signal, retry, timeouts }: WriteOptions,
): Promise<WriteResult> {
  const { etag, versionId } = await statObject(context, key, { signal, retry, timeouts });
  return { etag, sizeBytes, versionId };
}
