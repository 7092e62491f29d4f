/**
 * The actions that a bucket policy can name: on what, and with which condition keys, as AWS's Service Authorization
 * Reference lists them ("Actions, resources, and condition keys for Amazon S3").
 */

export interface KnownAction {
  /** In lower case, with its prefix. */
  readonly name: string;
  /** Those on `nothing` are about accounts and their other belongings: no bucket policy can grant them. */
  readonly on: "bucket" | "object" | "nothing";
  /** Besides the ones that every action has; in lower case, families without what follows their slash. */
  readonly keys: readonly string[];
}

/** What every request has. */
const everywhere = words(`s3:authtype s3:resourceaccount s3:signatureage s3:signatureversion s3:tlsversion
  s3:x-amz-content-sha256 s3:accessgrantsinstancearn s3:dataaccesspointaccount s3:dataaccesspointarn
  s3:accesspointnetworkorigin s3:buckettag/ s3:accesspointtag/`);

const acl = words(`s3:x-amz-acl s3:x-amz-grant-full-control s3:x-amz-grant-read s3:x-amz-grant-read-acp
  s3:x-amz-grant-write s3:x-amz-grant-write-acp`);
const listing = words("s3:delimiter s3:max-keys s3:prefix");
const encryption = words("s3:x-amz-server-side-encryption s3:x-amz-server-side-encryption-aws-kms-key-id");
const customerKey = words("s3:x-amz-server-side-encryption-customer-algorithm");
const requestTags = words("s3:requestobjecttag/ s3:requestobjecttagkeys");
const written = [
  ...words(
    "s3:x-amz-copy-source s3:x-amz-metadata-directive s3:x-amz-storage-class s3:x-amz-website-redirect-location",
  ),
  ...[...acl, ...encryption, ...customerKey, ...requestTags],
];
const lock = words(`s3:object-lock-legal-hold s3:object-lock-mode s3:object-lock-remaining-retention-days
  s3:object-lock-retain-until-date`);
const conditional = words("s3:if-match s3:if-none-match s3:objectcreationoperation");
const existing = ["s3:existingobjecttag/"];
const version = ["s3:versionid"];

const special: Readonly<Record<string, readonly string[]>> = {
  CreateBucket: [...acl, ...words("s3:locationconstraint s3:x-amz-object-ownership s3:x-amz-bucket-namespace")],
  ListBucket: listing,
  ListBucketVersions: listing,
  PutBucketAcl: acl,
  PutInventoryConfiguration: ["s3:inventoryaccessibleoptionalfields"],
  PutReplicationConfiguration: ["s3:isreplicationpauserequest"],
  PauseReplication: ["s3:destinationregion"],
  BypassGovernanceRetention: written,
  DeleteObject: ["s3:if-match"],
  DeleteObjectTagging: existing,
  DeleteObjectVersion: version,
  DeleteObjectVersionTagging: [...existing, ...version],
  GetObject: existing,
  GetObjectAcl: existing,
  GetObjectAttributes: existing,
  GetObjectTagging: existing,
  GetObjectVersion: [...existing, ...version],
  GetObjectVersionAcl: [...existing, ...version],
  GetObjectVersionAttributes: [...existing, ...version],
  GetObjectVersionTagging: [...existing, ...version],
  GetObjectVersionTorrent: version,
  PutObject: [...written, ...lock, ...conditional],
  PutObjectAcl: [...existing, ...acl, "s3:x-amz-storage-class"],
  PutObjectLegalHold: ["s3:object-lock-legal-hold"],
  PutObjectRetention: lock.slice(1),
  PutObjectTagging: [...existing, ...requestTags],
  PutObjectVersionAcl: [...existing, ...version, ...acl, "s3:x-amz-storage-class"],
  PutObjectVersionTagging: [...existing, ...version, ...requestTags],
  ReplicateObject: [...encryption, ...customerKey],
  UpdateObjectEncryption: encryption,
};

const onBuckets = words(`CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket
  DeleteBucketMetadataTableConfiguration DeleteBucketPolicy DeleteBucketWebsite GetAccelerateConfiguration
  GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging
  GetBucketMetadataTableConfiguration GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls
  GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging
  GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration
  GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration ListBucket
  ListBucketMultipartUploads ListBucketVersions ListTagsForResource PauseReplication PutAccelerateConfiguration
  PutAnalyticsConfiguration PutBucketAbac PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification
  PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock
  PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration
  PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration
  PutReplicationConfiguration TagResource UntagResource UpdateBucketMetadataInventoryTableConfiguration
  UpdateBucketMetadataJournalTableConfiguration`);

const onObjects = words(`AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging
  DeleteObjectVersion DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold
  GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes
  GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent InitiateReplication
  ListMultipartUploadParts ObjectOwnerOverrideToBucketOwner PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention
  PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging ReplicateDelete ReplicateObject ReplicateTags RestoreObject
  UpdateObjectEncryption`);

const onNothing = words(`CreateAccessPoint CreateJob DescribeJob GetAccessPoint GetAccountPublicAccessBlock
  ListAccessPoints ListAllMyBuckets ListJobs ListStorageLensConfigurations PutAccountPublicAccessBlock
  PutStorageLensConfiguration UpdateJobPriority UpdateJobStatus`);

/** All of them. */
export const knownActions: readonly KnownAction[] = [
  ...describe("bucket", onBuckets),
  ...describe("object", onObjects),
  ...describe("nothing", onNothing),
];

const knownKeys: ReadonlySet<string> = new Set([...everywhere, ...knownActions.flatMap(({ keys }) => keys)]);

/** The name under which a condition key is in the catalogue: `s3:existingobjecttag/` for each of its family. */
export function catalogueKey(key: string): string {
  const slash = key.indexOf("/");
  return slash < 0 ? key : key.slice(0, slash + 1);
}

/** S3 takes whatever begins with `aws:`; of its own keys it takes what it knows. `key` in lower case. */
export function isConditionKey(key: string): boolean {
  if (key.startsWith("aws:")) return key.length > "aws:".length;
  return knownKeys.has(catalogueKey(key)) && !key.endsWith("/");
}

/** Whether requests of this action can have such a key at all. `key` in lower case. */
export function hasConditionKey(action: KnownAction, key: string): boolean {
  const name = catalogueKey(key);
  return key.startsWith("aws:") || everywhere.includes(name) || action.keys.includes(name);
}

function describe(on: KnownAction["on"], names: readonly string[]): readonly KnownAction[] {
  return names.map((name) => ({ name: `s3:${name.toLowerCase()}`, on, keys: special[name] ?? [] }));
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
