/** The contract of every backend, and the backends. */
export type {
  BodySink,
  BucketStore,
  ByteRange,
  Bytes,
  CopySource,
  DeleteOptions,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  ReadResult,
  RequestOptions,
  ResolvedRange,
  SizedSource,
  WriteOptions,
  WriteResult,
} from "./object-store.ts";
export { type Clock, defaultRetryPolicy, type RetryPolicy, retryDelay, singleAttempt } from "./retry-policy.ts";
export {
  type Addressing,
  type BucketInfo,
  type CredentialProvider,
  type Credentials,
  type EndpointOptions,
  isRegion,
  openS3Service,
  type RequestEvent,
  type S3Event,
  type S3Service,
  type S3ServiceOptions,
} from "./s3/index.ts";
export { systemClock } from "./system-clock.ts";
