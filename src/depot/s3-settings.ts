/**
 * The settings of one bucket, and the service that they lead to. Services are shared: the same settings give the same
 * connections and credentials.
 */
import type { S3ServiceOptions } from "../store/index.ts";
import type { S3Options } from "./options.ts";
import { mergeS3, type Settings } from "./settings.ts";

/** The options for a bucket: those of the depot under the most particular entry of `buckets` that names it. */
export function bucketOptions(settings: Settings, bucket: string): S3Options {
  const named = Object.entries(settings.buckets)
    .filter(([pattern]) => matchesBucket(pattern, bucket))
    .sort(([a], [b]) => particularity(b) - particularity(a))[0]?.[1];
  return named === undefined ? settings.s3 : mergeS3(settings.s3, named);
}

/** `*` stands for any characters; everything else for itself. */
function matchesBucket(pattern: string, bucket: string): boolean {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return pattern === bucket;
  if (!bucket.startsWith(first) || !bucket.endsWith(last) || bucket.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = bucket.indexOf(part, at);
    if (found < 0 || found + part.length > bucket.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** A name without a star stands before every pattern; then the longer one. */
function particularity(pattern: string): number {
  return pattern.includes("*") ? pattern.length : Number.MAX_SAFE_INTEGER;
}

/** How a service is reached and as whom. */
export async function s3Access(
  options: S3Options,
  settings: Settings,
): Promise<Pick<S3ServiceOptions, "credentials" | "endpoint" | "region" | "addressing">> {
  const { endpoint, region, addressing } = options;
  if (options.anonymous === true) return { credentials: "anonymous", endpoint, region, addressing };
  if (options.credentials !== undefined) return { credentials: options.credentials, endpoint, region, addressing };
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = settings.env;
  return { credentials: { accessKeyId, secretAccessKey }, endpoint, region, addressing };
}
