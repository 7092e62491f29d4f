/**
 * Whose server a bucket is asked at, as whom and under which terms: what waits to be sent to it, and what is half done at it, is for
 * no other. It names no key and holds no secret.
 */
import type { S3Service } from "../store/index.ts";
import type { S3Options } from "./options.ts";

export interface BoundService {
  /** An own endpoint's origin, or AWS's partition. */
  readonly endpoint: string;
  /** What is kept of the bucket is told apart by this. */
  readonly identity: readonly string[];
  /** The same without the bucket, as `SeenRead` has it. */
  readonly origin: string;
  /** What a write is sent under besides. */
  readonly terms: string;
  readonly hasCustomerKey: boolean;
  /** All of it, as messages say it. */
  readonly words: string;
}

export function boundService(
  {
    identity: endpoint,
    anonymous,
    encryptionIdentity,
  }: Pick<S3Service, "identity" | "anonymous" | "encryptionIdentity">,
  bucket: string,
  { sse, expectedBucketOwner }: Pick<S3Options, "sse" | "expectedBucketOwner">,
): BoundService {
  const hasCustomerKey = encryptionIdentity !== "";
  const reader = [anonymous ? "anonymous" : "signed", ...(hasCustomerKey ? [encryptionIdentity] : [])];
  const encryption = hasCustomerKey ? null : (sse ?? null);
  const words = [
    endpoint,
    ...reader,
    ...(encryption === null ? [] : [`sse ${typeof encryption === "string" ? encryption : JSON.stringify(encryption)}`]),
    ...(expectedBucketOwner === undefined ? [] : [`owner ${expectedBucketOwner}`]),
  ].join(", ");
  return {
    endpoint,
    identity: ["s3", endpoint, bucket, ...reader],
    origin: [endpoint, ...reader].join(", "),
    terms: JSON.stringify([encryption, expectedBucketOwner ?? null]),
    hasCustomerKey,
    words,
  };
}
