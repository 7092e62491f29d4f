/** Whether a record that lies in a server's folder is one: a folder may have been edited, or made by somebody else. */
import { parsePolicy } from "../policy/parse-policy.ts";
import type { FolderLayout } from "./folder-layout.ts";
import { isVersionId } from "./version-id.ts";

/** Ids are file names: anything else could lead out of the folder. */
const blobId = /^[0-9a-f]{32}$/;

/** Whether a file of this name is the bytes of a blob; others may be anybody's. */
export function isBlobId(name: string): boolean {
  return blobId.test(name);
}

/** The bucket that its folder is named for. */
export function isBucketRecord(value: unknown, name: string): boolean {
  if (!isObject(value) || value["name"] !== name || !isText(value["region"]) || !isCount(value["createdMs"]))
    return false;
  const { versioning, policy, tags, publicAccessBlock: block } = value;
  return (
    (versioning === undefined || versioning === "Enabled" || versioning === "Suspended") &&
    (policy === undefined || isPolicy(policy, name)) &&
    (tags === undefined || isObject(tags)) &&
    (block === undefined || isObject(block))
  );
}

/** The version whose key and name belong at this path. */
export function isVersionRecord(value: unknown, layout: FolderLayout, bucket: string, path: string): boolean {
  if (!isObject(value) || !isText(value["key"])) return false;
  const { key, versionId, sequence = 0 } = value;
  if (versionId !== undefined && !(isText(versionId) && isVersionId(versionId as string))) return false;
  if (!isCount(sequence) || !isCount(value["modifiedMs"])) return false;
  if (layout.versionRecord(bucket, key as string, versionId as string | undefined) !== path) return false;
  return "deleteMarker" in value ? isMarker(value) : hasBytes(value);
}

function hasBytes(value: Readonly<Record<string, unknown>>): boolean {
  const { blobs, sizeBytes } = value;
  if (!Array.isArray(blobs) || !blobs.every(isBlob)) return false;
  const total = blobs.reduce((sum: number, blob: { readonly sizeBytes: number }) => sum + blob.sizeBytes, 0);
  return total === sizeBytes && hasSettings(value);
}

function isMarker(value: Readonly<Record<string, unknown>>): boolean {
  return value["deleteMarker"] === true && !Object.hasOwn(value, "blobs");
}

/** The upload that its folder is named for. */
export function isUploadRecord(value: unknown, layout: FolderLayout, bucket: string, path: string): boolean {
  if (!isObject(value) || !isText(value["id"]) || !isText(value["key"]) || !hasSettings(value)) return false;
  return isCount(value["createdMs"]) && layout.uploadRecord(bucket, value["id"] as string) === path;
}

/** The part whose number its file bears. */
export function isPartRecord(value: unknown, path: string): boolean {
  return (
    isObject(value) &&
    isCount(value["number"]) &&
    path.endsWith(`part-${value["number"]}.json`) &&
    isBlob(value["blob"])
  );
}

/** One that could not be read would deny nobody. */
function isPolicy(value: unknown, bucket: string): boolean {
  try {
    return typeof value === "string" && parsePolicy(value, bucket, () => true).statements.length > 0;
  } catch {
    return false;
  }
}

function hasSettings(value: Readonly<Record<string, unknown>>): boolean {
  return isObject(value["headers"]) && isObject(value["metadata"]) && isText(value["storageClass"]);
}

function isBlob(value: unknown): boolean {
  return isObject(value) && isText(value["id"]) && blobId.test(value["id"] as string) && isCount(value["sizeBytes"]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
