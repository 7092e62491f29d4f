/** Signature Version 4 in the Authorization header. */

import { isoSeconds } from "../dates.ts";
import { type ErrorParts, type S3Error, s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { type Caller, parsePayloadRule } from "./caller.ts";
import type { AuthSettings } from "./credentials.ts";
import { readScope } from "./scope.ts";
import { checkSignature, type KeyRing, knownCredentials, maxSkewMs, parseAmzDate, requireSigned } from "./verify.ts";

/**
 * Who signed this request. Errors: AuthorizationHeaderMalformed, AccessDenied, RequestTimeTooSkewed, InvalidAccessKeyId,
 * InvalidToken, InvalidRequest, InvalidArgument, SignatureDoesNotMatch.
 */
export function verifyHeaderSignature(request: IncomingRequest, settings: AuthSettings, keys: KeyRing): Caller {
  const fields = parseAuthorization(request.header("authorization") ?? "");
  const scope = readScope(fields.credential, settings, malformed);
  const token = request.header("x-amz-security-token");
  const credentials = knownCredentials(settings, scope.accessKeyId, token, request.nowMs);
  const amzDate = requestDate(request);
  checkClock(request, amzDate);
  if (!amzDate.startsWith(scope.date)) throw malformed("Invalid credential date. Date is not the same as X-Amz-Date.");
  requireSigned(request, fields.signedHeaders);
  const payloadHash = request.header("x-amz-content-sha256");
  if (payloadHash === undefined) {
    throw s3Error("InvalidRequest", { message: "Missing required header for this request: x-amz-content-sha256" });
  }
  const payload = parsePayloadRule(payloadHash);
  const key = keys.get(credentials, scope);
  checkSignature(
    key,
    amzDate,
    scope,
    {
      method: request.method,
      path: request.target.path,
      query: request.target.query.pairs,
      signedHeaders: fields.signedHeaders,
      headerValues: (name) => request.headerLines(name),
      payloadHash,
    },
    fields.signature,
  );
  return { accessKeyId: scope.accessKeyId, payload, seed: { key, amzDate, scope, signature: fields.signature } };
}

interface AuthorizationFields {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(header: string): AuthorizationFields {
  const details = { ArgumentName: "Authorization", ArgumentValue: header };
  const [, algorithm, rest] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  if (rest === undefined) {
    throw s3Error("InvalidArgument", {
      message: "Authorization header is invalid -- one and only one ' ' (space) required",
      details,
    });
  }
  if (algorithm !== "AWS4-HMAC-SHA256") {
    throw s3Error("InvalidArgument", { message: "Unsupported Authorization Type", details });
  }
  const fields = rest.split(",").map((field) => field.trim());
  if (fields.length !== 3) {
    throw malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature.");
  }
  const odd = fields.find((field) => !/^[^=]+=/.test(field));
  if (odd !== undefined) throw malformed(`the authorization component "${odd}" is malformed.`);
  const [credential = "", signed = "", signature = ""] = ["Credential", "SignedHeaders", "Signature"].map((name) => {
    const value = fields.find((field) => field.startsWith(`${name}=`))?.slice(name.length + 1);
    if (value === undefined || value === "") throw malformed(`missing ${name}.`);
    return value;
  });
  return { credential, signedHeaders: signed.toLowerCase().split(";"), signature };
}

/** `x-amz-date`, else the Date header in the same form. */
function requestDate(request: IncomingRequest): string {
  const amzDate = request.header("x-amz-date");
  if (amzDate !== undefined && parseAmzDate(amzDate) !== undefined) return amzDate;
  const date = Date.parse(request.header("date") ?? "");
  if (amzDate === undefined && !Number.isNaN(date)) return isoSeconds(date).replace(/[-:]/g, "");
  throw s3Error("AccessDenied", { message: "AWS authentication requires a valid Date or x-amz-date header" });
}

function checkClock(request: IncomingRequest, amzDate: string): void {
  const skew = Math.abs((parseAmzDate(amzDate) ?? 0) - request.nowMs);
  if (skew <= maxSkewMs) return;
  throw s3Error("RequestTimeTooSkewed", {
    details: {
      RequestTime: amzDate,
      ServerTime: isoSeconds(request.nowMs),
      MaxAllowedSkewMilliseconds: String(maxSkewMs),
    },
  });
}

function malformed(why: string, parts: ErrorParts = {}): S3Error {
  const message = `The authorization header is malformed; ${why}`;
  return s3Error("AuthorizationHeaderMalformed", { ...parts, message });
}
