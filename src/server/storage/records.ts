/** What the server knows of buckets, objects and uploads: plain data that a folder keeps as JSON. */
import type { DigestAlgorithm } from "../digest/running-digest.ts";
import type { ObjectEncryption } from "../object/encryption.ts";
import type { Tags } from "../object/tagging.ts";

/** The algorithms that S3 keeps with an object. */
export type ObjectChecksumAlgorithm = DigestAlgorithm;

/** FULL_OBJECT is over the bytes, COMPOSITE over the checksums of the parts. */
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

export interface StoredChecksum {
  readonly algorithm: ObjectChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64; a composite one ends in `-` and the number of parts. */
  readonly value: string;
}

/** Immutable bytes that a storage keeps under a name of its own. */
export interface Blob {
  readonly id: string;
  readonly sizeBytes: number;
}

export interface BucketRecord {
  readonly name: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  /** Undefined as long as nobody has switched it on; never again afterwards. */
  readonly versioning?: VersioningState | undefined;
  /** The policy as it was put: a JSON document. */
  readonly policy?: string | undefined;
  readonly publicAccessBlock?: PublicAccessBlock | undefined;
  readonly tags?: Tags | undefined;
}

/** What a bucket is protected from, whatever its policy says. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

export type VersioningState = "Enabled" | "Suspended";

/** Which version of its key a record is. Given by the storage. */
export interface VersionPlace {
  /** Undefined for the version `null`: the one that is written while versions are not kept, or no more. */
  readonly versionId?: string | undefined;
  /** Greater than that of any older version of the key. Default 0. */
  readonly sequence?: number | undefined;
}

/** What a client says about an object, given back with it. */
export interface ObjectSettings {
  /** `content-type`, `cache-control` and their like; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `x-amz-meta-*` without the prefix, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly tags?: Tags | undefined;
  readonly encryption?: ObjectEncryption | undefined;
}

export interface ObjectRecord extends ObjectSettings, VersionPlace {
  readonly key: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970; answers round down to seconds. */
  readonly modifiedMs: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum: StoredChecksum | undefined;
  /** The bytes, in order. */
  readonly blobs: readonly Blob[];
  /** Of an object that was uploaded in parts. */
  readonly parts: readonly PartSummary[] | undefined;
}

/** A version without bytes: as long as it is the newest one, the key holds nothing. */
export interface DeleteMarker extends VersionPlace {
  readonly key: string;
  readonly modifiedMs: number;
  readonly deleteMarker: true;
}

export type VersionRecord = ObjectRecord | DeleteMarker;

export interface PartSummary {
  readonly number: number;
  readonly sizeBytes: number;
  readonly checksum: StoredChecksum | undefined;
}

export interface UploadRecord extends ObjectSettings {
  readonly id: string;
  readonly key: string;
  readonly createdMs: number;
  /** What the client asked for; undefined when it named no algorithm. */
  readonly checksum: { readonly algorithm: ObjectChecksumAlgorithm; readonly type: ChecksumType } | undefined;
}

export interface PartRecord extends PartSummary {
  readonly modifiedMs: number;
  readonly etag: string;
  readonly blob: Blob;
}
