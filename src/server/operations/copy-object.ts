/** CopyObject: bytes from here to here, with the settings of the source or new ones. */
import { type Answer, quoted, xmlAnswer } from "../answer.ts";
import { checksumElements, defaultAlgorithm, requestedChecksum } from "../body/checksums.ts";
import { maxBodyBytes } from "../body/payload.ts";
import { recordOf, stageCopy } from "../body/stage-body.ts";
import { isoMillis } from "../dates.ts";
import { s3Error } from "../errors.ts";
import { checkCopySource, writeGuard } from "../object/conditions.ts";
import { type CopySourceAddress, copySourceHeaders, openCopySource, parseCopySource } from "../object/copy-source.ts";
import { encryptionHeaders, etagOf } from "../object/encryption.ts";
import { readSettings } from "../object/object-settings.ts";
import { refuseVersionId, versionHeaders } from "../object/versions.ts";
import type { Call, Operation } from "../operation.ts";
import type { ObjectRecord, ObjectSettings } from "../storage/records.ts";
import type { OpenObject } from "../storage/storage.ts";
import { document, textElement } from "../xml/xml-writer.ts";

export const copyObject: Operation = {
  name: "CopyObject",
  async run(call) {
    call.storage.bucket(call.bucket);
    refuseVersionId(call);
    const source = parseCopySource(call.request);
    requestedChecksum(call.request);
    const object = openCopySource(call, source);
    try {
      return await copy(call, source, object);
    } finally {
      object.release();
    }
  },
};

async function copy(call: Call, source: CopySourceAddress, object: OpenObject): Promise<Answer> {
  const { request, storage, bucket, key } = call;
  const { record } = object;
  checkCopySource(request, record);
  const settings = targetSettings(call, source, record);
  if (record.sizeBytes > maxBodyBytes) {
    throw s3Error("InvalidRequest", {
      message: `The specified copy source is larger than the maximum allowable size for a copy source: ${maxBodyBytes}`,
    });
  }
  const guard = writeGuard(request, key);
  guard?.(storage.find(bucket, key));
  const algorithm = requestedChecksum(request)?.algorithm ?? record.checksum?.algorithm ?? defaultAlgorithm;
  const staged = await stageCopy(storage, object.read(0, record.sizeBytes), record.sizeBytes, algorithm);
  const { payload } = staged;
  const etag = etagOf(payload.md5, settings.encryption);
  const put = await storage.put(bucket, { key, ...settings, ...recordOf(staged, request.nowMs), etag }, guard);
  return xmlAnswer(
    document(
      "CopyObjectResult",
      textElement("ETag", quoted(etag)),
      textElement("LastModified", isoMillis(request.nowMs)),
      ...checksumElements(payload.checksum),
    ),
    {
      ...encryptionHeaders(settings.encryption),
      // Unlike PutObject, this one names the version `null`.
      ...versionHeaders(storage.bucket(bucket), put),
      ...copySourceHeaders(object),
    },
  );
}

/** Whether metadata or tags are the source's or the request's. Error: InvalidArgument. */
function directiveOf(request: Call["request"], about: "metadata" | "tagging"): "COPY" | "REPLACE" {
  const name = `x-amz-${about}-directive`;
  const directive = request.header(name) ?? "COPY";
  if (directive === "COPY" || directive === "REPLACE") return directive;
  throw s3Error("InvalidArgument", {
    message: `Unknown ${about} directive.`,
    details: { ArgumentName: name, ArgumentValue: directive },
  });
}

/** The storage class is always the request's. Errors: InvalidArgument, InvalidRequest. */
function targetSettings(
  { request, bucket, key }: Call,
  source: CopySourceAddress,
  record: ObjectRecord,
): ObjectSettings {
  const directive = directiveOf(request, "metadata");
  const given = readSettings(request);
  const tags = directiveOf(request, "tagging") === "REPLACE" ? given.tags : record.tags;
  const changesNothing =
    directive === "COPY" &&
    source.bucket === bucket &&
    source.key === key &&
    // An older version may come back.
    source.versionId === undefined &&
    given.storageClass === record.storageClass &&
    given.encryption === undefined &&
    request.header("x-amz-website-redirect-location") === undefined;
  if (changesNothing) {
    throw s3Error("InvalidRequest", {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
  if (directive === "REPLACE") return { ...given, tags };
  const { storageClass, encryption } = given;
  return { headers: record.headers, metadata: record.metadata, storageClass, encryption, tags };
}
