/** What a client says about an object in headers, checked on the way in and given back on the way out. */

import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { ObjectRecord, ObjectSettings } from "../storage/records.ts";
import { encryptionHeaders, readEncryption } from "./encryption.ts";
import { parseTagging } from "./tagging.ts";

/** The headers of HTTP that an object keeps, and that an answer may be asked to bear otherwise. */
export const keptHttpHeaders = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
] as const;

const kept = [...keptHttpHeaders, "x-amz-website-redirect-location"] as const;

const storageClasses: ReadonlySet<string> = new Set([
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
]);

const maxMetadataBytes = 2048;

/** Reads them. Errors: MetadataTooLarge, InvalidStorageClass, InvalidTag, InvalidArgument, AccessControlListNotSupported, InvalidRedirectLocation, NotImplemented. */
export function readSettings(request: IncomingRequest): ObjectSettings {
  refuseUnsupported(request);
  const headers: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const name of kept) {
    const value = name === "content-encoding" ? contentEncoding(request) : request.header(name);
    if (value !== undefined && value !== "") headers[name] = value;
  }
  const redirect = headers["x-amz-website-redirect-location"];
  if (redirect !== undefined && !/^(?:\/|https?:\/\/)/.test(redirect)) throw s3Error("InvalidRedirectLocation");
  const metadata: [string, string][] = [];
  let metadataBytes = 0;
  for (const name of request.headerNames()) {
    if (!name.startsWith("x-amz-meta-")) continue;
    const [short, value] = [name.slice("x-amz-meta-".length), request.header(name) ?? ""];
    metadata.push([short, value]);
    metadataBytes += short.length + value.length;
  }
  if (metadataBytes > maxMetadataBytes) {
    throw s3Error("MetadataTooLarge", {
      details: { Size: String(metadataBytes), MaxSizeAllowed: String(maxMetadataBytes) },
    });
  }
  const tags = parseTagging(request.header("x-amz-tagging"));
  // Not by assignment: a name may be `__proto__`.
  const named = { headers, metadata: Object.fromEntries(metadata) };
  return { ...named, storageClass: storageClass(request), tags, encryption: readEncryption(request) };
}

/** The headers with which GET and HEAD describe an object, its length and range left out. */
export function describeObject(record: ObjectRecord): Record<string, string> {
  const headers: Record<string, string> = { ...record.headers };
  for (const [name, value] of Object.entries(record.metadata)) headers[`x-amz-meta-${name}`] = value;
  if (record.storageClass !== "STANDARD") headers["x-amz-storage-class"] = record.storageClass;
  const tags = Object.keys(record.tags ?? {}).length;
  if (tags > 0) headers["x-amz-tagging-count"] = String(tags);
  return { ...headers, ...encryptionHeaders(record.encryption) };
}

/** The class for a new object. Error: InvalidStorageClass. */
export function storageClass(request: IncomingRequest): string {
  const named = request.header("x-amz-storage-class") ?? "STANDARD";
  if (!storageClasses.has(named)) throw s3Error("InvalidStorageClass", { details: { StorageClassRequested: named } });
  return named;
}

/** Whether it says in headers whom an access control list is to let in. */
export function namesGrants(request: IncomingRequest): boolean {
  return request.headerNames().some((name) => name.startsWith("x-amz-grant-"));
}

/** Refuses what would otherwise be silently left undone. Errors: AccessControlListNotSupported, NotImplemented. */
export function refuseUnsupported(request: IncomingRequest): void {
  const acl = request.header("x-amz-acl");
  if (namesGrants(request) || (acl !== undefined && acl !== "private" && acl !== "bucket-owner-full-control")) {
    throw s3Error("AccessControlListNotSupported");
  }
  const header = request.headerNames().find((name) => name.startsWith("x-amz-object-lock-"));
  if (header !== undefined) throw s3Error("NotImplemented", { details: { Header: header } });
}

/** `aws-chunked` is how the body travelled, not what it is. */
function contentEncoding(request: IncomingRequest): string | undefined {
  return request
    .header("content-encoding")
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part.toLowerCase() !== "aws-chunked")
    .join(",");
}
