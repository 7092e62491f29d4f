/**
 * Conditional requests. Reads follow HTTP (If-Match over If-Unmodified-Since, If-None-Match over If-Modified-Since);
 * writes know only what S3 documents for them; a copy's source fails with 412 whatever the condition.
 */
import { parseHttpDate } from "../dates.ts";
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { ObjectRecord } from "../storage/records.ts";
import type { Guard } from "../storage/storage.ts";

/** Whether one of a header's entity tags, or `*`, is this one; quotes may be missing. */
export function matchesEtag(header: string, etag: string): boolean {
  return header.split(",").some((part) => {
    const tag = part.trim().replace(/^W\//, "");
    return tag === "*" || tag.replace(/^"(.*)"$/, "$1") === etag;
  });
}

/** `"send"`, or `"not-modified"` for 304. Error: PreconditionFailed. */
export function checkRead(request: IncomingRequest, record: ObjectRecord): "send" | "not-modified" {
  const ifMatch = request.header("if-match");
  if (ifMatch !== undefined) {
    if (!matchesEtag(ifMatch, record.etag)) throw failed("If-Match");
  } else if (isLater(record, request.header("if-unmodified-since"))) {
    throw failed("If-Unmodified-Since");
  }
  const ifNoneMatch = request.header("if-none-match");
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, record.etag) ? "not-modified" : "send";
  const since = usableDate(request, request.header("if-modified-since"));
  return since !== undefined && !isAfter(record, since) ? "not-modified" : "send";
}

/** Holds the source of a copy against `x-amz-copy-source-if-*`. Error: PreconditionFailed. */
export function checkCopySource(request: IncomingRequest, record: ObjectRecord): void {
  const ifMatch = request.header("x-amz-copy-source-if-match");
  const unmodified = request.header("x-amz-copy-source-if-unmodified-since");
  if (ifMatch !== undefined) {
    if (!matchesEtag(ifMatch, record.etag)) throw failed("x-amz-copy-source-If-Match");
  } else if (isLater(record, unmodified)) throw failed("x-amz-copy-source-If-Unmodified-Since");
  const ifNoneMatch = request.header("x-amz-copy-source-if-none-match");
  const modified = usableDate(request, request.header("x-amz-copy-source-if-modified-since"));
  if (ifNoneMatch !== undefined) {
    if (matchesEtag(ifNoneMatch, record.etag)) throw failed("x-amz-copy-source-If-None-Match");
  } else if (modified !== undefined && !isAfter(record, modified)) throw failed("x-amz-copy-source-If-Modified-Since");
}

/** What a write demands of the present state; undefined when it demands nothing. Error: NotImplemented, at once. */
export function writeGuard(request: IncomingRequest, key: string): Guard | undefined {
  const ifNoneMatch = request.header("if-none-match");
  const ifMatch = request.header("if-match");
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== "*") {
    throw s3Error("NotImplemented", { details: { Header: "If-None-Match", additionalMessage: "only * is supported" } });
  }
  if (ifNoneMatch !== undefined && ifMatch !== undefined) {
    throw s3Error("NotImplemented", { details: { Header: "If-Match", additionalMessage: "not with If-None-Match" } });
  }
  if (ifNoneMatch !== undefined) {
    return (current) => {
      if (current !== undefined) throw failed("If-None-Match");
    };
  }
  return ifMatch === undefined ? undefined : ifMatchGuard(ifMatch, key);
}

/** Lets only this version be changed. Errors: NoSuchKey, PreconditionFailed. */
export function ifMatchGuard(ifMatch: string, key: string): Guard {
  return (current) => {
    if (current === undefined) throw s3Error("NoSuchKey", { details: { Key: key } });
    if (!matchesEtag(ifMatch, current.etag)) throw failed("If-Match");
  };
}

function isLater(record: ObjectRecord, header: string | undefined): boolean {
  const ms = parseHttpDate(header);
  return ms !== undefined && isAfter(record, ms);
}

/** HTTP knows whole seconds. */
function isAfter(record: ObjectRecord, ms: number): boolean {
  return Math.floor(record.modifiedMs / 1000) > Math.floor(ms / 1000);
}

/** A date in the future says nothing. */
function usableDate(request: IncomingRequest, header: string | undefined): number | undefined {
  const ms = parseHttpDate(header);
  return ms === undefined || ms > request.nowMs ? undefined : ms;
}

function failed(condition: string): Error {
  return s3Error("PreconditionFailed", { details: { Condition: condition } });
}
