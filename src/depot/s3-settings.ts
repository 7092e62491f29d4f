/**
 * The settings of one bucket, and the service that they lead to. Services are shared: the same settings give the same
 * connections and credentials.
 */
import type { Disk } from "../disk/index.ts";
import { type AwsWorld, resolveS3Access, type S3Access } from "../store/index.ts";
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

/** How a service is reached and as whom, with who decided. Reads AWS's files. Errors: those of `resolveS3Access`. */
export async function s3Access(options: S3Options, settings: Settings, disk: Disk): Promise<S3Access> {
  const { anonymous, profile, credentials, region, endpoint, addressing, checksums } = options;
  const given = { anonymous, profile, credentials, region, endpoint, addressing, checksums };
  return resolveS3Access(given, awsWorld(settings, disk));
}

function awsWorld({ env, homeFolder }: Settings, disk: Disk): AwsWorld {
  return {
    env,
    homeDir: homeFolder,
    async readFile(path) {
      if ((await disk.stat(path, { followLinks: true })) === undefined) return undefined;
      const { bytes } = await disk.readFile(path, { followLinks: true, maxBytes: 1024 ** 2 });
      return new TextDecoder().decode(bytes);
    },
  };
}
