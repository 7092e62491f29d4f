/**
 * Which permissions an operation needs, by name and request, as "Required permissions for Amazon S3 API operations" has
 * it. What is not here needs the one that bears its own name.
 */
import { namesGrants } from "../object/object-settings.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";

/** The permission for an action on the request's bucket or object. */
export interface Needed {
  /** `GetObject`, without its prefix. */
  readonly action: string;
  readonly on: "bucket" | "object";
}

/** What the request says that counts here. */
export interface Asked {
  readonly operation: string;
  /** Whether it names a version. */
  readonly versioned: boolean;
  readonly request: IncomingRequest;
}

const onBuckets: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  ListMultipartUploads: "ListBucketMultipartUploads",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  DeleteBucketTagging: "PutBucketTagging",
  GetBucketCors: "GetBucketCORS",
  PutBucketCors: "PutBucketCORS",
  DeleteBucketCors: "PutBucketCORS",
  GetBucketEncryption: "GetEncryptionConfiguration",
  PutBucketEncryption: "PutEncryptionConfiguration",
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  GetBucketReplication: "GetReplicationConfiguration",
  DeleteBucketReplication: "PutReplicationConfiguration",
  GetBucketAccelerateConfiguration: "GetAccelerateConfiguration",
  GetBucketNotificationConfiguration: "GetBucketNotification",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  ListBucketAnalyticsConfigurations: "GetAnalyticsConfiguration",
  ListBucketIntelligentTieringConfigurations: "GetIntelligentTieringConfiguration",
  ListBucketInventoryConfigurations: "GetInventoryConfiguration",
  ListBucketMetricsConfigurations: "GetMetricsConfiguration",
};

const writes: ReadonlySet<string> = new Set(["PutObject", "CopyObject", "CreateMultipartUpload", "PostObject"]);
/** What goes on with an upload in parts, under the permissions of the object to be. */
export const ofUploads: ReadonlySet<string> = new Set(["UploadPart", "UploadPartCopy", "CompleteMultipartUpload"]);
/** What is about the policy itself. */
export const ofPolicies: ReadonlySet<string> = new Set(["PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"]);

/** For the target; what a copy reads is asked for apart. */
export function neededPermissions(asked: Asked): readonly Needed[] {
  const { operation, request } = asked;
  // Each of its keys is asked for by itself.
  if (operation === "DeleteObjects") return [];
  if (request.target.key === "") return [{ action: onBuckets[operation] ?? operation, on: "bucket" }];
  return objectActions(asked).map((action) => ({ action, on: "object" }));
}

function objectActions({ operation, versioned, request }: Asked): readonly string[] {
  if (writes.has(operation) || ofUploads.has(operation)) return ["PutObject", ...besideWriting(operation, request)];
  const of = (name: string) => (versioned ? name.replace("Object", "ObjectVersion") : name);
  switch (operation) {
    case "HeadObject":
    case "GetObject":
      return [of("GetObject")];
    case "GetObjectAttributes":
      return [of("GetObject"), of("GetObjectAttributes")];
    case "DeleteObject":
      return deleteActions(versioned, request.header("if-match"), request.header("x-amz-bypass-governance-retention"));
    case "ListParts":
      return ["ListMultipartUploadParts"];
    case "GetObjectTagging":
    case "PutObjectTagging":
    case "DeleteObjectTagging":
    case "GetObjectAcl":
    case "PutObjectAcl":
      return [of(operation)];
    default:
      return [operation];
  }
}

/**
 * To delete one key. Who may learn whether an object has this entity tag may read it ("Enforce conditional deletes on
 * Amazon S3 buckets").
 */
export function deleteActions(
  versioned: boolean,
  ifMatch: string | undefined,
  bypass: string | undefined,
): readonly string[] {
  return [
    versioned ? "DeleteObjectVersion" : "DeleteObject",
    ...(ifMatch === undefined || ifMatch.trim() === "*" ? [] : ["GetObject"]),
    ...(bypass?.toLowerCase() === "true" ? ["BypassGovernanceRetention"] : []),
  ];
}

function besideWriting(operation: string, request: IncomingRequest): readonly string[] {
  const setsAcl = request.header("x-amz-acl") !== undefined || namesGrants(request);
  const setsTags = writes.has(operation) && (request.header("x-amz-tagging") ?? "") !== "";
  return [
    ...(setsAcl ? ["PutObjectAcl"] : []),
    ...(setsTags && replacesTags(operation, request) ? ["PutObjectTagging"] : []),
    ...(request.header("if-match") === undefined ? [] : ["GetObject"]),
  ];
}

function replacesTags(operation: string, request: IncomingRequest): boolean {
  return operation !== "CopyObject" || request.header("x-amz-tagging-directive") === "REPLACE";
}
