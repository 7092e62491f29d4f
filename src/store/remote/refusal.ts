/**
 * What a server said when it did not do as asked, and which of our causes that is. Status and S3's own code decide; a missing
 * or unreadable body (HEAD has none) leaves the status alone to speak.
 */
import { EntrepotError, type ErrorCode } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import { alreadyExists } from "../conditions.ts";

/** An error answer, read. */
export interface Refusal {
  readonly status: number;
  /** S3's own word, e.g. `NoSuchKey`; empty where it said none. */
  readonly serverCode: string;
  readonly serverMessage: string;
  readonly requestId: string;
  /** The bucket's region, where the server named a possible one. */
  readonly region: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The server's clock, milliseconds since 1970. */
  readonly serverTimeMs: number | undefined;
  /** Of a 416: the object's size as `bytes` and `*` and a slash before it. */
  readonly contentRange: string | undefined;
}

/** What of a request decides how a refusal is understood. */
export interface RefusedRequest {
  readonly uri: string;
  readonly method: string;
  /** `create`: it carried `If-None-Match: *`. */
  readonly condition?: "create" | "match" | undefined;
  /** Whose request it was: signed (the default), anonymous by choice, or of a kind that is never signed. */
  readonly identity?: "signed" | "anonymous" | "unsigned" | undefined;
}

const byServerCode: Readonly<Record<string, ErrorCode>> = {
  NoSuchKey: "not-found",
  NoSuchBucket: "not-found",
  NoSuchVersion: "not-found",
  NoSuchUpload: "not-found",
  AccessDenied: "forbidden",
  AllAccessDisabled: "forbidden",
  AccountProblem: "forbidden",
  InvalidAccessKeyId: "unauthenticated",
  SignatureDoesNotMatch: "unauthenticated",
  ExpiredToken: "unauthenticated",
  TokenRefreshRequired: "unauthenticated",
  InvalidToken: "unauthenticated",
  InvalidSecurity: "unauthenticated",
  NotSignedUp: "unauthenticated",
  RequestTimeTooSkewed: "unauthenticated",
  SlowDown: "throttled",
  Throttling: "throttled",
  ThrottlingException: "throttled",
  RequestLimitExceeded: "throttled",
  TooManyRequests: "throttled",
  RequestTimeout: "timeout",
  InternalError: "server-error",
  ServiceUnavailable: "throttled",
  OperationAborted: "busy",
  ConditionalRequestConflict: "precondition-failed",
  PreconditionFailed: "precondition-failed",
  BucketAlreadyOwnedByYou: "already-exists",
  BucketAlreadyExists: "already-exists",
  BucketNotEmpty: "not-empty",
  InvalidObjectState: "archived",
  PermanentRedirect: "misconfigured",
  TemporaryRedirect: "misconfigured",
  Redirect: "misconfigured",
  AuthorizationHeaderMalformed: "misconfigured",
  IllegalLocationConstraintException: "misconfigured",
  InvalidLocationConstraint: "misconfigured",
  InvalidBucketName: "invalid-address",
  KeyTooLongError: "invalid-address",
  XMinioInvalidObjectName: "unrepresentable-name",
  XMinioInvalidResourceName: "unrepresentable-name",
  XMinioParentIsObject: "unrepresentable-name",
  NotImplemented: "unsupported",
  MethodNotAllowed: "unsupported",
  InvalidRange: "invalid-range",
  EntityTooLarge: "limit-exceeded",
  BadDigest: "integrity",
  XAmzContentSHA256Mismatch: "integrity",
  XAmzContentChecksumMismatch: "integrity",
  InvalidDigest: "integrity",
  IncompleteBody: "truncated",
  QuotaExceeded: "no-space",
  XMinioStorageFull: "no-space",
};

function byStatus(status: number): ErrorCode {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "not-found";
  if (status === 405 || status === 501) return "unsupported";
  if (status === 408) return "timeout";
  if (status === 409) return "busy";
  if (status === 412) return "precondition-failed";
  if (status === 416) return "invalid-range";
  if (status === 429 || status === 503) return "throttled";
  if (status === 507) return "no-space";
  // A 304 that was asked for is no refusal.
  if (status === 304) return "protocol";
  if (status >= 300 && status < 400) return "misconfigured";
  return status >= 500 ? "server-error" : "protocol";
}

/** What an error answer's own fields say, `Code`, `Message`, `Region` …; empty where there was no body to read. */
export type RefusalFields = Readonly<Record<string, string>>;

const regionShape = /^[a-z0-9-]{1,40}$/;

/** Puts an error answer together. `nowMs` turns a date in `Retry-After` into a wait. */
export function refusalOf(status: number, headers: ResponseHeaders, fields: RefusalFields, nowMs: number): Refusal {
  const region = headers["x-amz-bucket-region"] ?? fields.Region;
  const serverTimeMs = Date.parse(headers.date ?? "");
  return {
    status,
    // MinIO's word where there is no body.
    serverCode: fields.Code ?? headers["x-minio-error-code"] ?? "",
    serverMessage: fields.Message ?? "",
    requestId: fields.RequestId ?? headers["x-amz-request-id"] ?? "",
    region: region !== undefined && regionShape.test(region) ? region : undefined,
    retryAfterMs: retryAfterMs(headers, nowMs),
    serverTimeMs: Number.isNaN(serverTimeMs) ? undefined : serverTimeMs,
    contentRange: headers["content-range"],
  };
}

function retryAfterMs(headers: ResponseHeaders, nowMs: number): number | undefined {
  const own = Number(headers["x-amz-retry-after"] ?? Number.NaN);
  if (own >= 0) return own;
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return waitMs >= 0 ? waitMs : undefined;
}

/** The typed error for a refusal. */
export function refusedError(refusal: Refusal, request: RefusedRequest): EntrepotError {
  const { status, serverCode, serverMessage, requestId } = refusal;
  const code = causeOf(refusal, request);
  if (code === "already-exists" && request.condition === "create") return alreadyExists(request.uri);
  const said = [serverCode, serverMessage].filter((text) => text !== "").join(": ");
  const words = `${request.method} ${request.uri}: the server answered ${status}${said === "" ? "" : ` ${said}`}`;
  return new EntrepotError(code, requestId === "" ? words : `${words} (request ${requestId})`, {
    uri: request.uri,
    hint: hintFor(code, refusal, request),
    serverCode: serverCode === "" ? undefined : serverCode,
    // Of the conflicts only this one passes by itself.
    ...(code === "busy" ? { retryable: serverCode === "OperationAborted" } : undefined),
  });
}

/** Whether it is about how much is asked at once, or in a second. */
export function isThrottling({ status, serverCode }: Refusal): boolean {
  const code = Object.hasOwn(byServerCode, serverCode) ? byServerCode[serverCode] : undefined;
  return (code ?? byStatus(status)) === "throttled";
}

/** S3's words for an object that was encrypted with a customer's key, where that key was not given. */
function isWithoutKey(serverMessage: string): boolean {
  return /server side encryption/i.test(serverMessage) && /correct parameters|requires/i.test(serverMessage);
}

function causeOf({ status, serverCode, serverMessage }: Refusal, { condition }: RefusedRequest): ErrorCode {
  const code = Object.hasOwn(byServerCode, serverCode) ? byServerCode[serverCode] : undefined;
  const cause = isWithoutKey(serverMessage) ? "misconfigured" : (code ?? byStatus(status));
  if (condition === "create" && cause === "precondition-failed") return "already-exists";
  return cause;
}

const hints: Partial<Record<ErrorCode, string>> = {
  unauthenticated:
    "Check the access key, the secret, the session token and this machine's clock; entrepot doctor says where they come from.",
  forbidden:
    "The identity is known but may not do this; a public bucket may want anonymous: true, a requester-pays bucket requesterPays: true.",
  throttled: "Lower concurrency, or try again later.",
  unsupported: "This server does not offer what the call needs.",
};

const hintsWithoutIdentity: Readonly<Record<"anonymous" | "unsigned", string>> = {
  anonymous: "It is not public, and the request was anonymous: use a profile or credentials that may read it.",
  unsigned: "The server does not give it to everyone, and requests to web addresses carry no credentials.",
};

/** Where S3's own word says more than our cause does. */
const hintsByServerCode: Readonly<Record<string, string>> = {
  InvalidAccessKeyId:
    "The server does not know this access key: it was removed, or belongs to another service than the endpoint; entrepot doctor says where it comes from.",
  SignatureDoesNotMatch:
    "The secret does not belong to this access key: copy both anew (a blank or a cut-off end is enough); entrepot doctor says where they come from.",
  ExpiredToken:
    "The session has ended: sign in again (aws sso login), or set all three of key, secret and session token anew.",
  InvalidToken:
    "The session token does not belong to this access key: set all three of key, secret and session token anew, or unset AWS_SESSION_TOKEN.",
  RequestTimeTooSkewed: "This machine's clock is wrong: set it (timedatectl set-ntp true), then try again.",
  NotSignedUp: "The account has not signed up for S3: its owner must, in AWS's console.",
  AccountProblem: "The account is suspended or in arrears: its owner must speak to AWS.",
  AllAccessDisabled: "Access to this bucket was switched off altogether: its owner must speak to AWS.",
};

/** The words of IAM for a key of KMS that is not the caller's to use. */
function isAboutKms(serverMessage: string): boolean {
  return /\bkms:|\bKMS\b/.test(serverMessage);
}

/** For a shell, in one piece. */
function quoted(text: string): string {
  return /^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function restoreHint(uri: string): string {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]*)\/([^?]*)/.exec(uri) ?? [];
  const command = `aws s3api restore-object --bucket ${quoted(bucket)} --key ${quoted(key)} --restore-request Days=7`;
  return `Restore the object first, then read it again: ${command}`;
}

function hintFor(
  code: ErrorCode,
  { region, serverCode, serverMessage }: Refusal,
  { uri, identity = "signed" }: RefusedRequest,
): string | undefined {
  if (serverCode === "NoSuchBucket") {
    const bucket = /^s3:\/\/([^/]*)/.exec(uri)?.[1] ?? "";
    return `There is no bucket ${bucket}: entrepot ls s3:// lists the buckets.`;
  }
  if (code === "archived") return restoreHint(uri);
  if (code === "forbidden" && isAboutKms(serverMessage))
    return "The object is encrypted with a key of KMS that this identity may not use: it needs kms:Decrypt (to write kms:GenerateDataKey) on that key.";
  if (isWithoutKey(serverMessage)) return "It was encrypted with a customer's key: give sse: { customerKey }.";
  if (identity !== "signed" && (code === "forbidden" || code === "unauthenticated"))
    return hintsWithoutIdentity[identity];
  if (Object.hasOwn(hintsByServerCode, serverCode)) return hintsByServerCode[serverCode];
  if (code === "misconfigured" && region !== undefined)
    return `The bucket is in the region ${region}: set region: "${region}".`;
  if (code === "misconfigured")
    return "Check endpoint, region and addressing: the server sends elsewhere, and is not followed.";
  return hints[code];
}
