/** The contract of every backend, and the backends: for the other rooms. Users come by `src/store.ts`. */

export { safeListener } from "../error/index.ts";
export { type BodyContext, bodyChunks } from "./body-chunks.ts";
export type { BufferBudget } from "./buffer-budget.ts";
export { checkRange, resolveRange } from "./byte-range.ts";
export { checkRead, notFound } from "./conditions.ts";
export { type FileSink, fileSink } from "./file-sink.ts";
export {
  type HttpRequestEvent,
  type HttpStoreOptions,
  openHttpStore,
} from "./http/index.ts";
export { type LocalStoreOptions, openLocalStore, removeEmptyFolders } from "./local/index.ts";
export { type MemoryStoreOptions, openMemoryStore } from "./memory/index.ts";
export type {
  BodySink,
  BucketStore,
  ByteRange,
  Bytes,
  CopySource,
  DeletedKey,
  DeleteManyOptions,
  DeleteOptions,
  LeftOutFile,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ObjectVersion,
  ReadOptions,
  ReadResult,
  RequestOptions,
  ResolvedRange,
  SizedSource,
  StatOptions,
  UnsizedSource,
  VersionPage,
  WriteBody,
  WriteOptions,
  WriteResult,
} from "./object-store.ts";
export type { PlannedCall, PlannedCosts, RequestKind } from "./planned-calls.ts";
export { BytesSink, type Readable, type ReadBytes, readBytes } from "./read-bytes.ts";
export { readStream, type StreamHooks } from "./read-stream.ts";
export type { RetryEvent } from "./remote/attempts.ts";
export { checkSwappable, isQueuedEtag, isServersEtag, isStrongEtag, queuedEtag } from "./remote/etag.ts";
export { isNeverSigned } from "./remote/never-signed.ts";
export type { RequestEvent } from "./remote/request-event.ts";
export type { RequestFailure } from "./remote/request-failure.ts";
export type { ResumableWrite, UnfinishedUpload, WrittenSoFar } from "./resumable-write.ts";
export { type Clock, defaultRetryPolicy, type RetryPolicy, retryDelay, singleAttempt } from "./retry-policy.ts";
export {
  type Addressing,
  type AwsWorld,
  type BucketInfo,
  type CheckableOptions,
  type CopyLimits,
  type CoverOptions,
  type CredentialProvider,
  type Credentials,
  type CustomerEncryption,
  checkS3Options,
  describeUploads,
  Endpoint,
  type EndpointOptions,
  type KmsEncryption,
  openS3Service,
  type ProviderReport,
  partitionOf,
  resolveS3Access,
  type S3Access,
  type S3Event,
  type S3Service,
  type S3ServiceOptions,
  type ServerSideEncryption,
  Signer,
  traceCredentials,
  type UploadChecksum,
  type UploadOptions,
} from "./s3/index.ts";
export { systemClock } from "./system-clock.ts";
export { untilAborted } from "./until-aborted.ts";
export { type ByteStream, byteChunks, toWebStream } from "./web-stream.ts";
export {
  type Decorated,
  failNthCall,
  type Limit,
  type LimitOptions,
  passingSink,
  type StoreCall,
  type StoreFaults,
  type StoreMethod,
  type StoreOutcome,
  type StoreTraceEvent,
  sharedLimit,
  type WithRetryOptions,
  withFaults,
  withLimit,
  withPrefix,
  withReadOnly,
  withRetry,
  withTrace,
} from "./with/index.ts";
