/**
 * The settings of one bucket, and the service that they lead to. Services are shared: the same settings give the same
 * connections and credentials.
 */
import { dirname } from "node:path";
import { type Disk, runProgram } from "../disk/index.ts";
import type { Transport } from "../net/index.ts";
import {
  type AwsWorld,
  type Clock,
  type ProviderReport,
  resolveS3Access,
  type S3Access,
  traceCredentials,
} from "../store/index.ts";
import type { S3Options } from "./options.ts";
import type { CaFile } from "./reach.ts";
import { expandHome } from "./setting-values.ts";
import { mergeS3, type Settings } from "./settings.ts";

/** The options for a bucket: those of the depot under the most particular entry of `buckets` that names it. */
export function bucketOptions(settings: Settings, bucket: string): S3Options {
  const pattern = bucketPattern(settings, bucket);
  const named = pattern === undefined ? undefined : settings.buckets[pattern];
  return named === undefined ? settings.s3 : mergeS3(settings.s3, named);
}

/** The most particular entry of `buckets` that names it. */
export function bucketPattern({ buckets }: Settings, bucket: string): string | undefined {
  return Object.keys(buckets)
    .filter((pattern) => matchesBucket(pattern, bucket))
    .sort((a, b) => particularity(b) - particularity(a))[0];
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

/** What the settings are read with, and what providers of credentials ask with. */
export interface S3World {
  readonly disk: Disk;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** How a service is reached and as whom, with who decided. Reads AWS's files, asks nobody. Errors: those of `resolveS3Access`. */
export async function s3Access(options: S3Options, settings: Settings, world: S3World): Promise<S3Access> {
  const { anonymous, profile, credentials, region, endpoint, addressing } = options;
  const { dualStack, fips, checksums, allowInsecureEndpoint } = options;
  const identity = { anonymous, profile, credentials };
  const given = { ...identity, region, endpoint, addressing, dualStack, fips, checksums, allowInsecureEndpoint };
  return resolveS3Access(given, awsWorld(settings, world));
}

/** Every way to credentials in order, with why it decides or does not, one that fails among them. Asks nobody. */
export async function s3Providers(
  options: S3Options,
  settings: Settings,
  world: S3World,
): Promise<readonly ProviderReport[]> {
  const { anonymous, profile, credentials, region, allowInsecureEndpoint } = options;
  const given = { anonymous, profile, credentials, region, allowInsecureEndpoint };
  return traceCredentials(given, awsWorld(settings, world));
}

/** The depot's own choice, else that of the profile. */
export function caFileOf({ caFile, sources }: S3Access, settings: Settings): CaFile | undefined {
  if (settings.reach.caFile !== undefined || caFile === undefined) return settings.reach.caFile;
  return { path: expandHome(caFile, settings), source: `ca_bundle of ${sources.caFile}` };
}

/** The world of AWS's settings, as this depot's settings draw it. */
function awsWorld({ env, homeFolder }: Settings, { disk, transport, clock }: S3World): AwsWorld {
  return {
    env,
    homeDir: homeFolder,
    transport,
    clock,
    run: runProgram,
    async readFile(path) {
      if ((await disk.stat(path, { followLinks: true })) === undefined) return undefined;
      const { bytes } = await disk.readFile(path, { followLinks: true, maxBytes: 1024 ** 2 });
      return new TextDecoder().decode(bytes);
    },
    async writePrivateFile(path, text) {
      // The user may have made a link of the folder.
      await disk.makeFolder(dirname(path), 0o700);
      await disk.writeFile(path, new TextEncoder().encode(text), { mode: 0o600, durable: true });
    },
  };
}
