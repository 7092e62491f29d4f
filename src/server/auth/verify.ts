/** What headers and presigned URLs have in common: scope, clock, known keys, and the comparison itself. */
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../incoming-request.ts";
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

/** `AKID/20260101/us-east-1/s3/aws4_request`; undefined when it is not of that form. */
export function parseScope(credential: string): CredentialScope | undefined {
  const parts = credential.split("/");
  const [terminator, service, region, date] = parts.toReversed();
  const accessKeyId = parts.slice(0, -4).join("/");
  if (terminator !== "aws4_request" || service === undefined || region === undefined || date === undefined) {
    return undefined;
  }
  return accessKeyId === "" || !/^\d{8}$/.test(date) ? undefined : { accessKeyId, date, region, service };
}

/** `20260102T030405Z` in milliseconds since 1970; undefined when it is not of that form. */
export function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Error: InvalidAccessKeyId, or InvalidToken for a session token that is missing, wrong or uncalled for. */
export function knownCredentials(
  settings: AuthSettings,
  accessKeyId: string,
  sessionToken: string | undefined,
): ServerCredentials {
  const known = settings.credentials.find((one) => one.accessKeyId === accessKeyId);
  if (known === undefined) throw s3Error("InvalidAccessKeyId", { details: { AWSAccessKeyId: accessKeyId } });
  if (known.sessionToken !== sessionToken)
    throw s3Error("InvalidToken", { details: { "Token-0": sessionToken ?? "" } });
  return known;
}

/** Error: AccessDenied when the host or an `x-amz-` header is not covered by the signature. */
export function requireSigned(request: IncomingRequest, signedHeaders: readonly string[]): void {
  const missing = request
    .headerNames()
    .filter((name) => (name === "host" || name.startsWith("x-amz-")) && !signedHeaders.includes(name));
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
      CanonicalRequest: canonical,
    },
  });
}
