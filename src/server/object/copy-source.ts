/** Reads `x-amz-copy-source`: `/bucket/key`, percent-encoded, `+` a space, with an optional `?versionId=`. */
import { canBeBucket } from "../bucket-name.ts";
import { s3Error } from "../errors.ts";
import type { Call } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { decodeQueryPart } from "../request/percent.ts";
import type { OpenObject } from "../storage/storage.ts";
import { isDeleteMarker } from "../storage/versions-of-key.ts";
import { requireCustomerKey } from "./encryption.ts";
import { newVersionHeaders, openVersion, readVersionId } from "./versions.ts";

export interface CopySourceAddress {
  readonly bucket: string;
  readonly key: string;
  /** Undefined for what the key holds now. */
  readonly versionId: string | undefined;
}

/** Errors: InvalidArgument, NotImplemented for access points. */
export function parseCopySource(request: IncomingRequest): CopySourceAddress {
  const header = request.header("x-amz-copy-source") ?? "";
  const mark = header.lastIndexOf("?versionId=");
  const versionId = mark < 0 ? undefined : decodeQueryPart(header.slice(mark + "?versionId=".length));
  const raw = (mark < 0 ? header : header.slice(0, mark)).replace(/^\//, "");
  if (raw.startsWith("arn:")) {
    throw s3Error("NotImplemented", { message: "Access points are not offered by this server" });
  }
  const decoded = decode(raw, header);
  const slash = decoded.indexOf("/");
  const [bucket, key] = [decoded.slice(0, slash), decoded.slice(slash + 1)];
  if (slash < 1 || key === "") {
    throw invalid("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", header);
  }
  // Buckets of tests may have shorter names than S3's: what can be made can be copied from.
  if (!canBeBucket(bucket)) {
    throw invalid("Invalid copy source bucket name", header);
  }
  return { bucket, key, versionId: readVersionId(versionId) };
}

function decode(raw: string, header: string): string {
  try {
    return decodeQueryPart(raw);
  } catch {
    throw invalid("Invalid copy source encoding", header);
  }
}

function invalid(message: string, header: string): Error {
  return s3Error("InvalidArgument", {
    message,
    details: { ArgumentName: "x-amz-copy-source", ArgumentValue: header },
  });
}

/** Which version was copied; nothing of the version `null`. */
export function copySourceHeaders(object: OpenObject): Readonly<Record<string, string>> {
  const versionId = newVersionHeaders(object.record)["x-amz-version-id"];
  return versionId === undefined ? {} : { "x-amz-copy-source-version-id": versionId };
}

/** Opens it. Errors: NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidRequest for a delete marker, InvalidObjectState. */
export function openCopySource(call: Call, { bucket, key, versionId }: CopySourceAddress): OpenObject {
  const { storage, request } = call;
  const named = versionId === undefined ? undefined : storage.findVersion(bucket, key, versionId);
  if (named !== undefined && isDeleteMarker(named)) {
    throw s3Error("InvalidRequest", {
      message: "The source of a copy request may not specifically refer to a delete marker by version id.",
    });
  }
  const object = openVersion({ storage, request, bucket, key }, versionId);
  const { storageClass, encryption } = object.record;
  try {
    requireCustomerKey(call.request, encryption, "x-amz-copy-source-server-side-encryption");
  } catch (error) {
    object.release();
    throw error;
  }
  if (storageClass !== "GLACIER" && storageClass !== "DEEP_ARCHIVE") return object;
  object.release();
  throw s3Error("InvalidObjectState", { details: { StorageClass: storageClass } });
}
