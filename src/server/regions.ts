/**
 * Which region a request must be signed for, where buckets live in several. A host that names a region is that region's
 * endpoint; any other is the global one: it takes signatures for the server's own region and for the bucket's. A request that
 * is signed for its endpoint and asks for a bucket elsewhere is sent there: 301, as S3 does.
 */

import type { AuthSettings } from "./auth/credentials.ts";
import { s3Error } from "./errors.ts";
import { endpointOf, type HostRules } from "./request/address.ts";
import type { IncomingRequest } from "./request/incoming-request.ts";
import type { Storage } from "./storage/storage.ts";

/** Where a server is that is told nothing else. */
export const defaultRegion = "us-east-1";

export interface RegionRules {
  /** The server's own. */
  readonly home: string;
  /** Without it every endpoint is in every region. */
  readonly strict: boolean;
  readonly hosts: HostRules;
}

export interface RegionalSettings {
  readonly auth: AuthSettings;
  readonly storage: Storage;
  readonly regions: RegionRules;
}

/**
 * What the signature of this request is to be checked against; `claimed` is the region it says it is for, undefined when it
 * says none. Error: PermanentRedirect.
 */
export function settingsFor(
  request: IncomingRequest,
  claimed: string | undefined,
  { auth, storage, regions }: RegionalSettings,
): AuthSettings {
  const { home, strict, hosts } = regions;
  if (!strict) return auth;
  const { bucket, region: endpoint } = request.target;
  const bucketRegion = storage.findBucket(bucket)?.region;
  const region = endpoint ?? (claimed === home ? home : (bucketRegion ?? home));
  const isSignedRight = claimed === undefined || claimed === region;
  if (isSignedRight && bucketRegion !== undefined && bucketRegion !== region && !answersAnywhere(request)) {
    throw s3Error("PermanentRedirect", {
      details: { Endpoint: endpointOf(bucket, bucketRegion, request.header("host") ?? "", hosts), Bucket: bucket },
      headers: { "x-amz-bucket-region": bucketRegion },
    });
  }
  return { ...auth, region, bucketRegion };
}

/** Where a bucket lives may be asked anywhere; that it exists already is said anywhere, too. */
function answersAnywhere({ method, target: { key, query } }: IncomingRequest): boolean {
  return key === "" && (query.has("location") || (method === "PUT" && query.pairs.length === 0));
}
