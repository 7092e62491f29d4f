/** Which version of an object a request means, and what answers say of it: the rules that all operations share. */
import { httpDate } from "../dates.ts";
import { s3Error } from "../errors.ts";
import type { Call } from "../operation.ts";
import type { BucketRecord, VersionPlace, VersionRecord } from "../storage/records.ts";
import type { OpenObject } from "../storage/storage.ts";
import { sequenceOf } from "../storage/version-id.ts";
import { isDeleteMarker, versionIdOf } from "../storage/versions-of-key.ts";

/** The bucket and key that are meant, and the method that says so in errors. */
export interface VersionedKey {
  readonly storage: Call["storage"];
  readonly bucket: string;
  readonly key: string;
  readonly request: { readonly method: string };
}

/**
 * The version that a request names; undefined for the one that is current. AWS tells a name that it cannot have given from
 * one of a version that is gone. Error: InvalidArgument.
 */
export function readVersionId(text: string | undefined): string | undefined {
  if (text === undefined || isKnownForm(text)) return text;
  throw s3Error("InvalidArgument", {
    message: text === "" ? "Version id cannot be the empty string" : "Invalid version id specified",
    details: { ArgumentName: "versionId", ArgumentValue: text },
  });
}

/** Whether it is `null` or a name that some server of ours has given. */
export function isKnownForm(versionId: string): boolean {
  return versionId === "null" || sequenceOf(versionId) !== undefined;
}

/** Of what names a version where there is none to name: a write makes one, a bucket has none. Error: InvalidArgument. */
export function refuseVersionId({ query }: Pick<Call, "query">): void {
  const versionId = query.get("versionId");
  if (versionId === undefined) return;
  throw s3Error("InvalidArgument", {
    message: "This operation does not accept a version-id.",
    details: { ArgumentName: "versionId", ArgumentValue: versionId },
  });
}

/** Opens a version, or what the key holds now. Errors: NoSuchKey, NoSuchVersion, MethodNotAllowed. */
export function openVersion(target: VersionedKey, versionId: string | undefined): OpenObject {
  const object = target.storage.open(target.bucket, target.key, versionId);
  if (object !== undefined) return object;
  throw absence(target, versionId);
}

/** `x-amz-version-id`, as soon as the bucket has ever kept versions. */
export function versionHeaders(bucket: BucketRecord, version: VersionPlace): Readonly<Record<string, string>> {
  return bucket.versioning === undefined ? none : { "x-amz-version-id": version.versionId ?? "null" };
}

/** The same for a version that has just been written: PutObject keeps silent about the version `null`. */
export function newVersionHeaders({ versionId }: VersionPlace): Readonly<Record<string, string>> {
  return versionId === undefined ? none : { "x-amz-version-id": versionId };
}

/** What is said of a delete marker, be it in the way, just made or just removed. */
export function markerHeaders(marker: VersionRecord): Readonly<Record<string, string>> {
  return { "x-amz-delete-marker": "true", "x-amz-version-id": versionIdOf(marker) };
}

/** Why there is nothing to open: of a delete marker that is current, S3 speaks as of a missing key. */
function absence(target: VersionedKey, versionId: string | undefined): Error {
  const { storage, bucket, key } = target;
  const found =
    versionId === undefined ? storage.versions(bucket, key).at(-1) : storage.findVersion(bucket, key, versionId);
  if (versionId !== undefined) return versionError(target, versionId, found);
  const headers = found === undefined ? none : markerHeaders(found);
  return s3Error("NoSuchKey", { details: { Key: key }, headers });
}

/** Why nothing can be done with this version: there is none, or it is a delete marker. */
export function versionError(
  { key, request }: VersionedKey,
  versionId: string | undefined,
  found: VersionRecord | undefined,
): Error {
  if (found !== undefined && isDeleteMarker(found)) {
    return s3Error("MethodNotAllowed", {
      details: { Method: request.method, ResourceType: "DeleteMarker" },
      headers: { ...markerHeaders(found), allow: "DELETE", "last-modified": httpDate(found.modifiedMs) },
    });
  }
  if (versionId === undefined) return s3Error("NoSuchKey", { details: { Key: key } });
  return s3Error("NoSuchVersion", { details: { Key: key, VersionId: versionId } });
}

const none: Readonly<Record<string, string>> = {};
