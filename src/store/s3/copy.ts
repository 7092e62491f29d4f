/**
 * A copy inside the service: one CopyObject where that is enough, else parts. Of one version, which is pinned. What the service does
 * not surely promise is left to the caller, who streams.
 */
import type { CopySource, WriteOptions, WriteResult } from "../object-store.ts";
import { checkSwappable, isStrongEtag } from "../remote/etag.ts";
import type { BucketContext } from "./bucket-context.ts";
import { descriptionOf, splitHeaders, storageClassOf } from "./copied-headers.ts";
import { copyInParts } from "./copy-parts.ts";
import type { CopyPlan } from "./copy-plan.ts";
import { copyWhole } from "./copy-whole.ts";
import { descriptionHeaders } from "./description.ts";
import { encodeKey, encodeValue } from "./encode.ts";
import { headObject } from "./read.ts";
import { objectUri, pathOfKey } from "./s3-calls.ts";

/**
 * Copies; `undefined` where it takes a stream: a server that has no copies or no strong ETags, or a condition on the target for
 * one that is not AWS, since many take no notice of it.
 */
export async function copyObject(
  to: BucketContext,
  from: BucketContext,
  source: CopySource,
  key: string,
  options: WriteOptions,
): Promise<WriteResult | undefined> {
  pathOfKey(to.bucket, key);
  const conditions = [options.ifMatch, options.ifNoneMatch].filter((condition) => condition !== undefined).length;
  if (conditions > 1 || (conditions === 1 && !to.sender.endpoint.aws)) return undefined;
  checkSwappable(options.ifMatch, objectUri(to.bucket, key));
  const { signal, retry, timeouts } = options;
  const { versionId, ifMatch } = source;
  const { info, headers: head } = await headObject(from, source.key, { signal, retry, timeouts, versionId, ifMatch });
  // What was measured is what is copied, and only a strong ETag can say so.
  if (!isStrongEtag(info.etag)) return undefined;
  const given = splitHeaders(descriptionHeaders(options));
  const replaces = Object.keys(given.description).length > 0;
  const isSelf = from.bucket === to.bucket && source.key === key && versionId === undefined;
  const changesNothing = isSelf && !replaces && Object.keys(given.beside).length === 0 && conditions === 0;
  if (changesNothing) return { etag: info.etag, sizeBytes: info.sizeBytes, versionId: info.versionId };
  const plan: CopyPlan = {
    to,
    from,
    source,
    key,
    uri: objectUri(to.bucket, key),
    info,
    head,
    sourceHeaders: {
      "x-amz-copy-source": copySource(from.bucket, source),
      "x-amz-copy-source-if-match": info.etag,
      ...from.sender.encryption.copySource,
      ...sourceOwner(from),
    },
    description: replaces ? given.description : descriptionOf(head),
    // S3 refuses to copy an object onto itself unless it is told that this is meant.
    replaces: replaces || isSelf,
    beside: { ...storageClassOf(head), ...given.beside },
    options,
  };
  const whole = info.sizeBytes <= to.copies.wholeBytes ? await copyWhole(plan) : "too-large";
  if (whole !== "too-large") return whole;
  return copyInParts(plan);
}

function copySource(bucket: string, { key, versionId }: CopySource): string {
  const version = versionId === undefined ? "" : `?versionId=${encodeValue(versionId)}`;
  // An access point wants its objects told apart from its name.
  const place = bucket.startsWith("arn:") ? `${encodeValue(bucket)}/object` : encodeValue(bucket);
  return `${place}/${encodeKey(key)}${version}`;
}

/** Who must own the bucket that is written must own the one that is read. */
function sourceOwner({ sender }: BucketContext): Readonly<Record<string, string>> {
  const owner = sender.standing?.["x-amz-expected-bucket-owner"];
  return owner === undefined ? {} : { "x-amz-source-expected-bucket-owner": owner };
}
