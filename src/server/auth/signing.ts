/**
 * The arithmetic of Signature Version 4, from AWS's description of it: canonical request, string to sign, derived
 * key, signature. Knows nothing of how a request carries them.
 */
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { encodePart, encodePath } from "../request/percent.ts";
import { compareKeys } from "../storage/key-order.ts";

/** `date/region/service/aws4_request`, taken apart. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface CanonicalParts {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  /** Decoded, without the signature itself. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Lower-case names, in the order in which they were signed. */
  readonly signedHeaders: readonly string[];
  /** One string per header line, values as bytes in Latin-1. */
  readonly headerValues: (name: string) => readonly string[];
  readonly payloadHash: string;
}

/** The canonical request; header values keep their bytes, so it is Latin-1. */
export function canonicalRequest(parts: CanonicalParts): string {
  const headers = parts.signedHeaders.map((name) => `${name}:${parts.headerValues(name).map(trimAll).join(",")}\n`);
  return [
    parts.method,
    encodePath(parts.path),
    canonicalQuery(parts.query),
    headers.join(""),
    parts.signedHeaders.join(";"),
    parts.payloadHash,
  ].join("\n");
}

/** The text whose HMAC is the signature of a request. `amzDate` is `YYYYMMDD'T'HHMMSS'Z'`. */
export function stringToSign(amzDate: string, scope: CredentialScope, canonical: string): string {
  return ["AWS4-HMAC-SHA256", amzDate, formatScope(scope), sha256Hex(Buffer.from(canonical, "latin1"))].join("\n");
}

export function formatScope(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

/** The key for one day, region and service. */
export function deriveKey(secretAccessKey: string, scope: CredentialScope): Buffer {
  const steps = [scope.date, scope.region, scope.service, "aws4_request"];
  return steps.reduce<Buffer>((key, text) => hmac(key, text), Buffer.from(`AWS4${secretAccessKey}`));
}

export function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

/** Compares in a time that does not tell how much is right. */
export function sameSignature(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a, "latin1"), Buffer.from(b, "latin1"));
}

function canonicalQuery(query: readonly (readonly [string, string])[]): string {
  return query
    .map(([name, value]) => [encodePart(name), encodePart(value)] as const)
    .sort(([a, x], [b, y]) => compareKeys(a, b) || compareKeys(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** Spaces only: in Latin-1, what else JavaScript calls space is half of a UTF-8 character, e.g. of `à`. */
function trimAll(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, "").replace(/ {2,}/g, " ");
}
