/** Signature Version 4 in the Authorization header. */

import { isoSeconds } from "../dates.ts";
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../incoming-request.ts";
import { type Caller, parsePayloadRule } from "./caller.ts";
import type { AuthSettings } from "./credentials.ts";
import {
  checkSignature,
  type KeyRing,
  knownCredentials,
  maxSkewMs,
  parseAmzDate,
  parseScope,
  requireSigned,
} from "./verify.ts";

/**
 * Who signed this request. Errors: AuthorizationHeaderMalformed, AccessDenied, RequestTimeTooSkewed, InvalidAccessKeyId,
 * InvalidToken, InvalidRequest, InvalidArgument, SignatureDoesNotMatch.
 */
export function verifyHeaderSignature(request: IncomingRequest, settings: AuthSettings, keys: KeyRing): Caller {
  const fields = parseAuthorization(request.header("authorization") ?? "");
  const scope = parseScope(fields.credential);
  if (scope === undefined) {
    throw malformed(`the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`);
  }
  if (scope.service !== "s3") throw malformed(`incorrect service "${scope.service}". This endpoint belongs to "s3".`);
  if (settings.region !== undefined && scope.region !== settings.region) {
    throw s3Error("AuthorizationHeaderMalformed", {
      message: `The authorization header is malformed; the region '${scope.region}' is wrong; expecting '${settings.region}'`,
      details: { Region: settings.region },
    });
  }
  const credentials = knownCredentials(settings, scope.accessKeyId, request.header("x-amz-security-token"));
  const amzDate = requestDate(request);
  checkClock(request, amzDate);
  if (!amzDate.startsWith(scope.date)) {
    throw malformed(`Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date.`);
  }
  requireSigned(request, fields.signedHeaders);
  const payloadHash = request.header("x-amz-content-sha256");
  if (payloadHash === undefined) {
    throw s3Error("InvalidRequest", { message: "Missing required header for this request: x-amz-content-sha256" });
  }
  const payload = parsePayloadRule(payloadHash);
  if (payload === undefined) {
    throw s3Error("InvalidArgument", {
      message: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a known STREAMING- value, or a valid sha256 value.",
      details: { ArgumentName: "x-amz-content-sha256", ArgumentValue: payloadHash },
    });
  }
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
  const rest = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(header)?.[1];
  if (rest === undefined) {
    throw s3Error("InvalidArgument", {
      message: "Unsupported Authorization Type",
      details: { ArgumentName: "Authorization" },
    });
  }
  const fields = new Map<string, string>();
  for (const field of rest.split(",")) {
    const equals = field.indexOf("=");
    if (equals > 0) fields.set(field.slice(0, equals).trim(), field.slice(equals + 1).trim());
  }
  const [credential, signed, signature] = ["Credential", "SignedHeaders", "Signature"].map((name) => {
    const value = fields.get(name);
    if (value === undefined || value === "") throw malformed(`the authorization component "${name}" is missing.`);
    return value;
  });
  return {
    credential: credential ?? "",
    signedHeaders: (signed ?? "").toLowerCase().split(";"),
    signature: signature ?? "",
  };
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

function malformed(why: string): Error {
  return s3Error("AuthorizationHeaderMalformed", { message: `The authorization header is malformed; ${why}` });
}
