/** One S3 service with one identity: its endpoint, its credentials, its connections, and the buckets on it. */
import type { Transport } from "../../net/index.ts";
import type { BufferBudget } from "../buffer-budget.ts";
import type { BucketStore, RequestOptions } from "../object-store.ts";
import type { RetryEvent } from "../remote/attempts.ts";
import type { RequestEvent } from "../remote/request-event.ts";
import { type Clock, defaultRetryPolicy, type RetryPolicy } from "../retry-policy.ts";
import { systemClock } from "../system-clock.ts";
import { S3Bucket } from "./bucket.ts";
import { type BucketInfo, listBuckets } from "./bucket-life.ts";
import { checkS3Options } from "./check-options.ts";
import { type CopyLimits, copyLimits } from "./copy-limits.ts";
import { Encryption, type ServerSideEncryption } from "./encryption.ts";
import { Endpoint, type EndpointOptions } from "./endpoint.ts";
import { type CredentialProvider, Identity } from "./identity.ts";
import { knownHost } from "./known-hosts.ts";
import { RequestSender } from "./request.ts";
import type { S3Calls } from "./s3-calls.ts";
import { S3Findings } from "./s3-findings.ts";
import type { Credentials } from "./sign.ts";
import { type CoverOptions, UploadCover } from "./upload-cover.ts";
import { type UploadOptions, uploadLimits } from "./upload-limits.ts";

/** What happens on the way, for whoever watches. Holds no secret. */
export type S3Event = RequestEvent | RetryEvent;

export interface S3ServiceOptions extends EndpointOptions, CoverOptions {
  /** Whose requests these are. `"anonymous"` signs nothing and asks nobody. A function is called when the first request needs it. */
  readonly credentials: Credentials | CredentialProvider | "anonymous";
  /** Whoever opened it closes it. */
  readonly transport: Transport;
  readonly clock?: Clock | undefined;
  /** Default: 10 tries within 180 s. */
  readonly retry?: RetryPolicy | undefined;
  /** Agrees to pay for requests to buckets that want that. Default false. */
  readonly requesterPays?: boolean | undefined;
  /** Requests in flight for one large object. Default 8; 1 reads it in one stream. */
  readonly partsInFlight?: number | undefined;
  /** Where parts that are held in memory take it from. Default: at most 16 MiB for each read. */
  readonly memory?: BufferBudget | undefined;
  /** The account, 12 digits, that must own every bucket; another's is forbidden. RangeError. */
  readonly expectedBucketOwner?: string | undefined;
  /** How what is written is encrypted. Default: as the bucket says. RangeError for a key that is none. */
  readonly sse?: ServerSideEncryption | undefined;
  /** Whether reads ask for the checksum that the server keeps. Default true. */
  readonly responseChecksums?: boolean | undefined;
  /** How large objects are copied inside the service. RangeError. */
  readonly copies?: CopyLimits | undefined;
  /** How large bodies go up. */
  readonly uploads?: UploadOptions | undefined;
  readonly onEvent?: ((event: S3Event) => void) | undefined;
}

export interface S3Service {
  /** What tells this service from others: an own endpoint's origin, or AWS's partition. */
  readonly identity: string;
  readonly anonymous: boolean;
  /** Tells readers with different customer's keys from one another; empty without such a key. */
  readonly encryptionIdentity: string;
  /** The bucket as a store. Nothing is sent. Errors: invalid-address, unsupported (some ARNs). */
  bucket(name: string): BucketStore;
  listBuckets(options?: RequestOptions): Promise<readonly BucketInfo[]>;
}

/** Opens the service. Nothing is sent. Error: misconfigured. */
export function openS3Service(options: S3ServiceOptions): S3Service {
  const clock = options.clock ?? systemClock;
  const endpoint = new Endpoint(options);
  const identity = new Identity(options.credentials === "anonymous" ? undefined : options.credentials, clock);
  const { transport, requesterPays, expectedBucketOwner, responseChecksums, onEvent } = options;
  const encryption = new Encryption(options.sse, endpoint.isPrivate);
  checkS3Options(options);
  const cover = new UploadCover(options, endpoint);
  const host = knownHost(endpoint.hostname);
  const calls: S3Calls = {
    sender: new RequestSender({
      endpoint,
      identity,
      transport,
      clock,
      encryption,
      cover,
      responseChecksums,
      requesterPays,
      expectedBucketOwner,
      onRequest: onEvent,
    }),
    retry: options.retry ?? defaultRetryPolicy,
    onRetry: onEvent,
    copies: copyLimits(options.copies),
    findings: new S3Findings(host),
    parallel: { inFlight: options.partsInFlight ?? 8, memory: options.memory },
    uploads: uploadLimits({ equalParts: host.wantsEqualParts, ...options.uploads }),
  };
  const buckets = new Map<string, S3Bucket>();
  return {
    identity: endpoint.identity,
    anonymous: identity.anonymous,
    encryptionIdentity: encryption.identity,
    bucket(name) {
      let bucket = buckets.get(name);
      if (bucket === undefined) {
        bucket = new S3Bucket(calls, name);
        buckets.set(name, bucket);
      }
      return bucket;
    },
    listBuckets: (requestOptions = {}) => listBuckets(calls, requestOptions),
  };
}
