/** What the headers of an answer say about an object. */
import type { ResponseHeaders } from "../../net/index.ts";
import { ownMetadataName } from "../metadata.ts";
import type { ObjectInfo } from "../object-store.ts";
import { decodeWords } from "./encoded-words.ts";
import { inventedEtag } from "./etag.ts";

const metadataPrefix = "x-amz-meta-";

const ownHeader = `${metadataPrefix}${ownMetadataName}`;

/** The object's description; `sizeBytes` is that of the whole object, which a ranged answer's length is not. */
export function objectInfo(key: string, sizeBytes: number, headers: ResponseHeaders): ObjectInfo {
  let metadata: Record<string, string> | undefined;
  for (const name in headers) {
    if (!name.startsWith(metadataPrefix) || name === ownHeader) continue;
    metadata ??= Object.create(null) as Record<string, string>;
    metadata[name.slice(metadataPrefix.length)] = decodeWords(headers[name] ?? "");
  }
  return {
    key,
    sizeBytes,
    modifiedMs: modifiedMs(headers["last-modified"]),
    etag: headers.etag || inventedEtag(headers, sizeBytes),
    versionId: headers["x-amz-version-id"],
    contentType: headers["content-type"],
    contentEncoding: headers["content-encoding"],
    contentLanguage: headers["content-language"],
    contentDisposition: headers["content-disposition"],
    cacheControl: headers["cache-control"],
    metadata,
    storageClass: headers["x-amz-storage-class"],
    encryption: encryptionOf(headers),
  };
}

function encryptionOf(headers: ResponseHeaders): string | undefined {
  if (headers["x-amz-server-side-encryption-customer-algorithm"] !== undefined) return "customer";
  return headers["x-amz-server-side-encryption"];
}

/** The epoch for a server that does not say: older than everything, so nothing is taken for fresh. */
function modifiedMs(text: string | undefined): number {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? 0 : ms;
}

/** The length of an answer's body; `undefined` when it names none that is one. */
export function contentLength(headers: ResponseHeaders): number | undefined {
  const text = headers["content-length"];
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const length = Number(text);
  return Number.isSafeInteger(length) ? length : undefined;
}
