/** What the operations of one service share, and the two forms of a request that they make. */
import { EntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import type { AttemptContext, RetryEvent } from "../remote/attempts.ts";
import { type Answered, type CallOptions, call } from "../remote/call.ts";
import type { ParallelSettings } from "../remote/reading.ts";
import { isThrottling } from "../remote/refusal.ts";
import type { RetryPolicy } from "../retry-policy.ts";
import type { copyLimits } from "./copy-limits.ts";
import { encodeKey } from "./encode.ts";
import { checkDone } from "./error-answer.ts";
import { learn } from "./learn.ts";
import type { RequestSender, S3Request } from "./request.ts";
import type { S3Findings } from "./s3-findings.ts";
import type { UploadLimits } from "./upload-limits.ts";

export interface S3Calls {
  readonly sender: RequestSender;
  readonly retry: RetryPolicy;
  readonly onRetry: ((event: RetryEvent) => void) | undefined;
  readonly copies: ReturnType<typeof copyLimits>;
  readonly findings: S3Findings;
  readonly parallel: ParallelSettings;
  readonly uploads: UploadLimits;
}

/** An operation's request, without what is the same for all. */
export interface CallRequest {
  readonly method: S3Request["method"];
  readonly bucket: string | undefined;
  /** Not encoded. Absent for the bucket itself. */
  readonly key?: string | undefined;
  readonly query?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly payloadHash?: string | undefined;
  readonly body?: S3Request["body"];
  readonly bodyBytes?: number | undefined;
  readonly condition?: AttemptContext["condition"];
  /** For errors: what the call is about. */
  readonly uri: string;
}

/** The address of an object, for messages. */
export function objectUri(bucket: string, key: string, versionId?: string): string {
  return versionId === undefined ? `s3://${bucket}/${key}` : `s3://${bucket}/${key}?versionId=${versionId}`;
}

/** An object's key in a path. Error: invalid-address for an empty one, which would name the bucket. */
export function pathOfKey(bucket: string, key: string): string {
  if (key === "")
    throw new EntrepotError("invalid-address", "an object's key is not empty", { uri: `s3://${bucket}/` });
  return encodeKey(key);
}

/**
 * Sends a request with retries and gives its short answer. The request's fields are read anew for each try. A change that is
 * answered 200 with an error in the body has failed, whichever it is: S3 documents it for some, servers do it for others.
 */
export function callS3(
  { sender, retry, onRetry }: S3Calls,
  request: CallRequest,
  options: RequestOptions,
  callOptions: CallOptions = {},
): Promise<Answered> {
  const { method, bucket, uri, condition } = request;
  const wire = (): S3Request => ({
    method,
    bucket,
    key: request.key === undefined ? "" : encodeKey(request.key),
    query: request.query ?? "",
    headers: request.headers ?? {},
    payloadHash: request.payloadHash,
    body: request.body,
    bodyBytes: request.bodyBytes,
    signal: options.signal,
    timeouts: options.timeouts,
  });
  const context: AttemptContext = {
    clock: sender.clock,
    policy: options.retry ?? retry,
    uri,
    method,
    condition,
    identity: sender.identity.anonymous ? "anonymous" : "signed",
    signal: options.signal,
    onRetry,
    learn: (refused, once) => learn(sender, bucket, refused, once),
  };
  const isChange = method !== "GET" && method !== "HEAD";
  const check = callOptions.check ?? (isChange ? (done: Answered) => checkDone(done, sender.clock.now()) : undefined);
  const onFailure = (failure: unknown) => {
    if (isSaidInBody(failure)) sender.throttled(bucket);
    callOptions.onFailure?.(failure);
  };
  return call(context, (sink) => sender.send(wire(), sink), { ...callOptions, check, onFailure });
}

/** SlowDown under a status that does not say so, e.g. 200 with an error document, or for one of many keys. */
function isSaidInBody(failure: unknown): boolean {
  if (!(failure instanceof Refused)) return false;
  const { status } = failure.refusal;
  return status !== 503 && status !== 429 && isThrottling(failure.refusal);
}
