/** Signature Version 4 in the query: presigned URLs, good for at most a week. */
import { isoSeconds } from "../dates.ts";
import { type ErrorParts, type S3Error, s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { type Caller, parsePayloadRule } from "./caller.ts";
import type { AuthSettings } from "./credentials.ts";
import { readScope } from "./scope.ts";
import { checkSignature, type KeyRing, knownCredentials, maxSkewMs, parseAmzDate, requireSigned } from "./verify.ts";

const maxExpirySeconds = 7 * 24 * 60 * 60;
const required = ["Algorithm", "Credential", "Signature", "Date", "SignedHeaders", "Expires"] as const;

/**
 * Who signed this URL. Errors: AuthorizationQueryParametersError, AccessDenied (expired, not yet valid, unsigned
 * headers), InvalidAccessKeyId, InvalidToken, SignatureDoesNotMatch.
 */
export function verifyPresigned(request: IncomingRequest, settings: AuthSettings, keys: KeyRing): Caller {
  const { query } = request.target;
  const fields = readFields(request);
  requireAlgorithm(fields.Algorithm);
  const scope = readScope(fields.Credential, settings, (why, parts) =>
    invalid(`Error parsing the X-Amz-Credential parameter; ${why}`, parts),
  );
  const token = query.get("X-Amz-Security-Token");
  const credentials = knownCredentials(settings, scope.accessKeyId, token, request.nowMs);
  checkTime(request.nowMs, fields.Date, scope.date, fields.Expires);
  const signedHeaders = fields.SignedHeaders.toLowerCase().split(";");
  requireSigned(request, signedHeaders);
  const payloadHash = query.get("X-Amz-Content-Sha256") ?? request.header("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD";
  const payload = parsePayloadRule(payloadHash);
  const key = keys.get(credentials, scope);
  checkSignature(
    key,
    fields.Date,
    scope,
    {
      method: request.method,
      path: request.target.path,
      query: query.pairs.filter(([name]) => name !== "X-Amz-Signature"),
      signedHeaders,
      headerValues: (name) => request.headerLines(name),
      payloadHash,
    },
    fields.Signature,
  );
  return {
    accessKeyId: scope.accessKeyId,
    payload,
    seed: { key, amzDate: fields.Date, scope, signature: fields.Signature },
  };
}

type Fields = Readonly<Record<(typeof required)[number], string>>;

function readFields(request: IncomingRequest): Fields {
  const { query } = request.target;
  for (const name of [...required, "Security-Token", "Content-Sha256"]) {
    // Which of two counts is nothing that a signature says.
    if (query.pairs.filter(([known]) => known === `X-Amz-${name}`).length > 1) {
      throw invalid(`X-Amz-${name} must be given once`);
    }
  }
  const fields = required.map((name) => {
    const value = query.get(`X-Amz-${name}`);
    if (value === undefined || value === "") {
      throw invalid(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      );
    }
    return [name, value] as const;
  });
  return Object.fromEntries(fields) as Fields;
}

/** S3 knows two algorithms; the one for several regions is not verified here. */
function requireAlgorithm(algorithm: string): void {
  if (algorithm === "AWS4-HMAC-SHA256") return;
  const known = algorithm === "AWS4-ECDSA-P256-SHA256" ? "" : " and AWS4-ECDSA-P256-SHA256";
  throw invalid(`X-Amz-Algorithm only supports "AWS4-HMAC-SHA256${known}"`);
}

function checkTime(nowMs: number, amzDate: string, scopeDate: string, expires: string): void {
  const signedMs = parseAmzDate(amzDate);
  if (signedMs === undefined) throw invalid("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (!amzDate.startsWith(scopeDate)) {
    const day = amzDate.slice(0, 8);
    throw invalid(`Invalid credential date "${scopeDate}". This date is not the same as X-Amz-Date: "${day}".`);
  }
  if (!/^-?\d+$/.test(expires)) throw invalid("X-Amz-Expires should be a number");
  const seconds = Number(expires);
  if (seconds < 0) throw invalid("X-Amz-Expires must be non-negative");
  if (seconds > maxExpirySeconds) {
    throw invalid(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${maxExpirySeconds} seconds`,
    );
  }
  if (signedMs - nowMs > maxSkewMs) throw s3Error("AccessDenied", { message: "Request is not yet valid" });
  const expiryMs = signedMs + seconds * 1000;
  if (nowMs <= expiryMs) return;
  throw s3Error("AccessDenied", {
    message: "Request has expired",
    details: { "X-Amz-Expires": expires, Expires: isoSeconds(expiryMs), ServerTime: isoSeconds(nowMs) },
  });
}

function invalid(message: string, parts: ErrorParts = {}): S3Error {
  return s3Error("AuthorizationQueryParametersError", { ...parts, message });
}
