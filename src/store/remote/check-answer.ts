/** What an answer must say to be one to the request that was made. */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { ObjectInfo } from "../object-store.ts";
import { isStrongEtag } from "./etag.ts";
import { contentLength } from "./object-info.ts";
import { replaced } from "./part.ts";
import { type ContentRange, parseContentRange } from "./range.ts";
import type { BodyRequest } from "./reading.ts";

/** The range that a 206 brings. Error: protocol when it does not say, or says something else of its length. */
export function rangeOf(headers: ResponseHeaders, uri: string): ContentRange {
  const range = parseContentRange(headers["content-range"]);
  const length = contentLength(headers);
  if (range === undefined || (length !== undefined && length !== range.end - range.start)) {
    throw protocolError(uri, `a 206 whose Content-Range (${headers["content-range"] ?? "none"}) does not fit`);
  }
  return range;
}

/** Throws `replaced` when a continuation is not of the version that was begun. */
export function checkSameVersion(
  info: ObjectInfo,
  { etag = "" }: ResponseHeaders,
  sizeBytes: number = info.sizeBytes,
): void {
  if (!isStrongEtag(etag) || etag !== info.etag || sizeBytes !== info.sizeBytes) throw replaced;
}

/**
 * Whether the caller has this version, for servers that do not know the conditions or give no ETag of their own. A weak one may
 * name two versions: only the server can say that nothing has changed. Error: precondition-failed.
 */
export function isKnown({ etag }: ObjectInfo, { ifMatch, ifNoneMatch, uri }: BodyRequest): boolean {
  if (ifMatch !== undefined && ifMatch !== etag) {
    throw new EntrepotError("precondition-failed", `${uri} is not the version that was asked for`, { uri });
  }
  return ifNoneMatch === etag && isStrongEtag(etag);
}

/** The server sent what is no answer. */
export function protocolError(uri: string, what: string): EntrepotError {
  return new EntrepotError("protocol", `${uri}: the server sent ${what}`, { uri });
}
