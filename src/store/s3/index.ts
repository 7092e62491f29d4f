/** S3: the service and its buckets, and where its credentials come from. */
export type { BucketInfo } from "./bucket-life.ts";
export { type CheckableOptions, checkS3Options } from "./check-options.ts";
export type { AwsWorld } from "./config/aws-world.ts";
export type { ProviderReport } from "./config/credential-chain.ts";
export { resolveS3Access, type S3Access, traceCredentials } from "./config/resolve-access.ts";
export type { CopyLimits } from "./copy-limits.ts";
export type { CustomerEncryption, KmsEncryption, ServerSideEncryption } from "./encryption.ts";
export { type Addressing, Endpoint, type EndpointOptions } from "./endpoint.ts";
export type { CredentialProvider } from "./identity.ts";
export { partitionOf } from "./partitions.ts";
export { openS3Service, type S3Event, type S3Service, type S3ServiceOptions } from "./service.ts";
export { type Credentials, Signer } from "./sign.ts";
export { type CoverOptions, describeUploads, type UploadChecksum } from "./upload-cover.ts";
export type { UploadOptions } from "./upload-limits.ts";
