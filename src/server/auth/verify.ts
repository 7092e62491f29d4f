/** What headers and presigned URLs have in common: scope, clock, known keys, and the comparison itself. */
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { AuthSettings, ServerCredentials } from "./credentials.ts";
import {
  type CanonicalParts,
  type CredentialScope,
  canonicalRequest,
  deriveKey,
  hmac,
  sameSignature,
  stringToSign,
} from "./signing.ts";

/** Clocks may differ by this much. */
export const maxSkewMs: number = 15 * 60 * 1000;

/** `20260102T030405Z` in milliseconds since 1970; undefined when it is not of that form. */
export function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * Errors: InvalidAccessKeyId, also for the key of a session without its token; InvalidToken for a token that is wrong or
 * uncalled for; ExpiredToken.
 */
export function knownCredentials(
  settings: AuthSettings,
  accessKeyId: string,
  sessionToken: string | undefined,
  nowMs: number,
): ServerCredentials {
  const known = settings.credentials.find((one) => one.accessKeyId === accessKeyId);
  // Alone, the key of a session is nobody's.
  if (known === undefined || (known.sessionToken !== undefined && sessionToken === undefined)) {
    throw s3Error("InvalidAccessKeyId", { details: { AWSAccessKeyId: accessKeyId } });
  }
  if (known.sessionToken !== sessionToken)
    throw s3Error("InvalidToken", { details: { "Token-0": sessionToken ?? "" } });
  if (known.expiresAtMs !== undefined && nowMs >= known.expiresAtMs) {
    throw s3Error("ExpiredToken", { details: { "Token-0": sessionToken ?? "" } });
  }
  return known;
}

/** Error: AccessDenied when the host or an `x-amz-` header is not covered by the signature. */
export function requireSigned(request: IncomingRequest, signedHeaders: readonly string[]): void {
  const named = new Set(["host", ...request.headerNames()]);
  const missing = [...named].filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signedHeaders.includes(name),
  );
  if (missing.length === 0) return;
  throw s3Error("AccessDenied", {
    message: "There were headers present in the request which were not signed",
    details: { HeadersNotSigned: missing.join(", ") },
  });
}

/** The key of a day does not change: deriving it costs four HMACs. Keeps the few that a test uses. */
export class KeyRing {
  readonly #keys = new Map<string, Buffer>();

  get(credentials: ServerCredentials, scope: CredentialScope): Buffer {
    const name = `${scope.accessKeyId}/${scope.date}/${scope.region}/${scope.service}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    if (this.#keys.size > 100) this.#keys.clear();
    const key = deriveKey(credentials.secretAccessKey, scope);
    this.#keys.set(name, key);
    return key;
  }
}

/** Error: SignatureDoesNotMatch, with what the server calculated. */
export function checkSignature(
  key: Uint8Array,
  amzDate: string,
  scope: CredentialScope,
  parts: CanonicalParts,
  provided: string,
): void {
  const canonical = canonicalRequest(parts);
  const toSign = stringToSign(amzDate, scope, canonical);
  if (sameSignature(hmac(key, toSign).toString("hex"), provided)) return;
  throw s3Error("SignatureDoesNotMatch", {
    details: {
      AWSAccessKeyId: scope.accessKeyId,
      StringToSign: toSign,
      SignatureProvided: provided,
      StringToSignBytes: hexBytes(toSign),
      CanonicalRequest: Buffer.from(canonical, "latin1").toString("utf8"),
      CanonicalRequestBytes: hexBytes(Buffer.from(canonical, "latin1")),
    },
  });
}

/** `61 62 63`: for eyes that look for a hidden character. */
export function hexBytes(text: string | Uint8Array): string {
  return (Buffer.from(text).toString("hex").match(/../g) ?? []).join(" ");
}
