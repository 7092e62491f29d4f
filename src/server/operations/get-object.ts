/** GetObject and HeadObject: whole, a range or one part; conditional; with a presigned URL's overrides. */
import { type Answer, emptyAnswer, quoted } from "../answer.ts";
import { checksumHeaders } from "../body/checksums.ts";
import { parsePartNumber } from "../body/part-number.ts";
import { httpDate } from "../dates.ts";
import { s3Error } from "../errors.ts";
import { type ResolvedByteRange, resolveRange } from "../object/byte-range.ts";
import { checkRead, matchesEtag } from "../object/conditions.ts";
import { requireCustomerKey } from "../object/encryption.ts";
import { describeObject, keptHttpHeaders } from "../object/object-settings.ts";
import { openVersion, readVersionId, versionHeaders } from "../object/versions.ts";
import type { Call, Operation } from "../operation.ts";
import { requireHeaderValue } from "../request/header-text.ts";
import type { ObjectRecord, StoredChecksum } from "../storage/records.ts";

export const getObject: Operation = {
  name: "GetObject",
  run: (call) => answerRead(call, "GET"),
};

export const headObject: Operation = {
  name: "HeadObject",
  run: (call) => answerRead(call, "HEAD"),
};

async function answerRead(call: Call, method: "GET" | "HEAD"): Promise<Answer> {
  const { request, query } = call;
  const versionId = readVersionId(query.get("versionId"));
  const partNumber = query.get("partNumber");
  if (partNumber !== undefined) parsePartNumber(partNumber);
  const object = openVersion(call, versionId);
  try {
    const { record } = object;
    requireCustomerKey(request, record.encryption);
    const identity = {
      etag: quoted(record.etag),
      "last-modified": httpDate(record.modifiedMs),
      ...versionHeaders(call.storage.bucket(call.bucket), record),
    };
    if (checkRead(request, record) === "not-modified") {
      object.release();
      return { status: 304, headers: identity };
    }
    if (method === "GET") refuseArchived(record);
    const selection = select(call, record);
    const { start, end } = selection.range ?? { start: 0, end: record.sizeBytes };
    const headers = {
      ...describeObject(record),
      ...overrides(call),
      ...identity,
      ...selection.headers,
      "accept-ranges": "bytes",
      "content-length": String(end - start),
      ...(selection.range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${record.sizeBytes}` }),
      ...(request.header("x-amz-checksum-mode")?.toUpperCase() === "ENABLED"
        ? checksumHeaders(selection.checksum)
        : {}),
    };
    const status = selection.range === undefined ? 200 : 206;
    if (method === "HEAD") {
      object.release();
      return emptyAnswer(status, headers);
    }
    return { status, headers, body: object.read(start, end), release: object.release };
  } catch (error) {
    object.release();
    throw error;
  }
}

interface Selection {
  readonly range: ResolvedByteRange | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Of exactly the bytes selected. */
  readonly checksum: StoredChecksum | undefined;
}

/** Errors: InvalidRange, InvalidPartNumber, InvalidRequest. */
function select({ request, query }: Call, record: ObjectRecord): Selection {
  const header = request.header("range");
  const partNumber = query.get("partNumber");
  if (partNumber !== undefined) {
    if (header !== undefined)
      throw s3Error("InvalidRequest", { message: "Cannot specify both Range header and partNumber query parameter" });
    return selectPart(record, partNumber);
  }
  const ifRange = request.header("if-range");
  const asked = ifRange === undefined || matchesEtag(ifRange, record.etag) ? header : undefined;
  const range = resolveRange(asked, record.sizeBytes);
  if (range === "unsatisfiable") {
    throw s3Error("InvalidRange", {
      details: { RangeRequested: header ?? "", ActualObjectSize: String(record.sizeBytes) },
      headers: { "content-range": `bytes */${record.sizeBytes}` },
    });
  }
  const whole = range === undefined || (range.start === 0 && range.end === record.sizeBytes);
  return { range, headers: {}, checksum: whole ? record.checksum : undefined };
}

function selectPart(record: ObjectRecord, text: string): Selection {
  const wanted = parsePartNumber(text);
  const parts = record.parts ?? [{ number: 1, sizeBytes: record.sizeBytes, checksum: record.checksum }];
  const index = wanted - 1;
  const part = parts[index];
  if (part === undefined) {
    throw s3Error("InvalidPartNumber", {
      details: { PartNumberRequested: text, ActualPartCount: String(parts.length) },
    });
  }
  const start = parts.slice(0, index).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    range: part.sizeBytes === 0 ? undefined : { start, end: start + part.sizeBytes },
    headers: record.parts === undefined ? {} : { "x-amz-mp-parts-count": String(parts.length) },
    checksum: part.checksum,
  };
}

/** `response-content-type` and its like, for signed requests only. */
function overrides({ query, caller }: Call): Readonly<Record<string, string>> {
  const found = keptHttpHeaders.flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value === undefined ? [] : [[name, headerValue(name, value)] as const];
  });
  if (found.length > 0 && caller.accessKeyId === undefined) {
    throw s3Error("InvalidRequest", {
      message: "Request specific response headers cannot be used for anonymous GET requests.",
    });
  }
  return Object.fromEntries(found);
}

/** As it goes on the wire, UTF-8 in Latin-1's clothes. Error: InvalidArgument for what no header can hold. */
function headerValue(name: string, value: string): string {
  requireHeaderValue(`response-${name}`, value);
  return Buffer.from(value).toString("latin1");
}

function refuseArchived(record: ObjectRecord): void {
  if (record.storageClass !== "GLACIER" && record.storageClass !== "DEEP_ARCHIVE") return;
  throw s3Error("InvalidObjectState", { details: { StorageClass: record.storageClass } });
}
