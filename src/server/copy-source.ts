/** Reads `x-amz-copy-source`: `/bucket/key`, percent-encoded, `+` a space, with an optional `?versionId=`. */

import { requireCustomerKey } from "./encryption.ts";
import { s3Error } from "./errors.ts";
import type { IncomingRequest } from "./incoming-request.ts";
import type { Call } from "./operation.ts";
import { decodeQueryPart } from "./percent.ts";
import type { OpenObject } from "./storage/storage.ts";
import { requireNullVersion } from "./versions.ts";

export interface CopySourceAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Errors: InvalidArgument, NotImplemented. */
export function parseCopySource(request: IncomingRequest): CopySourceAddress {
  const header = request.header("x-amz-copy-source") ?? "";
  const mark = header.lastIndexOf("?versionId=");
  if (mark >= 0) requireNullVersion(decodeQueryPart(header.slice(mark + "?versionId=".length)));
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
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || /^\d+\.\d+\.\d+\.\d+$/.test(bucket)) {
    throw invalid("Invalid copy source bucket name", header);
  }
  return { bucket, key };
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

/** Opens it. Errors: NoSuchBucket, NoSuchKey, InvalidObjectState. */
export function openCopySource(call: Call, source: CopySourceAddress): OpenObject {
  const object = call.storage.open(source.bucket, source.key);
  if (object === undefined) throw s3Error("NoSuchKey", { details: { Key: source.key } });
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
