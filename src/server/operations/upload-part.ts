/** UploadPart and UploadPartCopy: a part is replaced by a later one of the same number. */
import { emptyAnswer, quoted, xmlAnswer } from "../answer.ts";
import { checksumElement, checksumHeader, defaultAlgorithm, expectedChecksum } from "../body/checksums.ts";
import { parsePartNumber } from "../body/part-number.ts";
import { announcedLength, maxBodyBytes } from "../body/payload.ts";
import { type StagedBody, stageBody, stageCopy } from "../body/stage-body.ts";
import { isoMillis } from "../dates.ts";
import { s3Error } from "../errors.ts";
import { checkCopySource } from "../object/conditions.ts";
import { copySourceHeaders, openCopySource, parseCopySource } from "../object/copy-source.ts";
import { encryptionHeaders, etagOf, requireCustomerKey } from "../object/encryption.ts";
import type { Call, Operation } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { PartRecord, UploadRecord } from "../storage/records.ts";
import { document, textElement } from "../xml/xml-writer.ts";

export const uploadPart: Operation = {
  name: "UploadPart",
  async run(call) {
    const { request, caller, storage } = call;
    const { upload, number } = findUpload(call);
    requireCustomerKey(request, upload.encryption);
    const keep = upload.checksum?.algorithm ?? defaultAlgorithm;
    const sent = expectedChecksum(request)?.algorithm;
    // A composite checksum is of checksums that the client sends; of a whole object S3 computes what is lacking.
    const lacks = sent === undefined && upload.checksum?.type === "COMPOSITE";
    if (lacks || (sent !== undefined && upload.checksum !== undefined && sent !== keep)) {
      throw s3Error("InvalidRequest", {
        message: `Checksum Type mismatch occurred, expected checksum Type: ${keep.toLowerCase()}, actual checksum Type: ${sent?.toLowerCase() ?? "null"}`,
      });
    }
    const staged = await stageBody(storage, request, caller, announcedLength(request, caller), keep);
    const part = await keepPart(call, upload, number, staged);
    const answered = sent === undefined || sent === keep ? part.checksum : undefined;
    return emptyAnswer(200, {
      etag: quoted(part.etag),
      ...encryptionHeaders(upload.encryption),
      ...(answered === undefined ? {} : { [checksumHeader(answered.algorithm)]: answered.value }),
      // What was sent has been verified, whatever is kept.
      ...(sent === undefined || answered !== undefined ? {} : sentChecksum(request, checksumHeader(sent))),
    });
  },
};

export const uploadPartCopy: Operation = {
  name: "UploadPartCopy",
  async run(call) {
    const { request, storage } = call;
    storage.bucket(call.bucket);
    const source = parseCopySource(request);
    const { upload, number } = findUpload(call);
    requireCustomerKey(request, upload.encryption);
    const object = openCopySource(call, source);
    try {
      const { record } = object;
      checkCopySource(request, record);
      const { start, end } = copyRange(request.header("x-amz-copy-source-range"), record.sizeBytes);
      const keep = upload.checksum?.algorithm ?? defaultAlgorithm;
      const staged = await stageCopy(storage, object.read(start, end), end - start, keep);
      const part = await keepPart(call, upload, number, staged);
      return xmlAnswer(
        document(
          "CopyPartResult",
          textElement("ETag", quoted(part.etag)),
          textElement("LastModified", isoMillis(part.modifiedMs)),
          // The default one is the object's, not the part's.
          upload.checksum === undefined ? "" : checksumElement(part.checksum),
        ),
        copySourceHeaders(object),
      );
    } finally {
      object.release();
    }
  },
};

function findUpload(call: Call): { readonly upload: UploadRecord; readonly number: number } {
  const number = parsePartNumber(call.query.get("partNumber"));
  return { upload: call.storage.upload(call.bucket, call.key, call.query.get("uploadId") ?? ""), number };
}

async function keepPart(call: Call, upload: UploadRecord, number: number, staged: StagedBody): Promise<PartRecord> {
  const { blob, payload } = staged;
  const part: PartRecord = {
    number,
    sizeBytes: payload.sizeBytes,
    modifiedMs: call.request.nowMs,
    etag: etagOf(payload.md5, upload.encryption),
    checksum: payload.checksum,
    blob,
  };
  await call.storage.putPart(call.bucket, call.key, upload.id, part);
  return part;
}

function sentChecksum(request: IncomingRequest, header: string): Readonly<Record<string, string>> {
  const value = request.header(header);
  return value === undefined ? {} : { [header]: value };
}

/** Only `bytes=first-last` within the source. Errors: InvalidArgument, InvalidRequest. */
function copyRange(header: string | undefined, size: number): { readonly start: number; readonly end: number } {
  if (header === undefined) {
    if (size <= maxBodyBytes) return { start: 0, end: size };
    throw s3Error("InvalidRequest", {
      message: `The specified copy source is larger than the maximum allowable size for a copy source: ${maxBodyBytes}`,
    });
  }
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header);
  const [start, end] = [Number(match?.[1]), Number(match?.[2]) + 1];
  if (match === null || start >= end) {
    throw invalidRange(rangeForm, header);
  }
  if (end > size) throw invalidRange(`Range specified is not valid for source object of size: ${size}`, header);
  return { start, end };
}

const rangeForm =
  "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy";

function invalidRange(message: string, header: string): Error {
  const details = { ArgumentName: "x-amz-copy-source-range", ArgumentValue: header };
  return s3Error("InvalidArgument", { message, details });
}
