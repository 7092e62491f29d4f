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
export { BytesSink, type Readable, type ReadBytes, readBytes } from "./read-bytes.ts";
export { readStream, type StreamHooks } from "./read-stream.ts";
export { type Clock, defaultRetryPolicy, type RetryPolicy, retryDelay, singleAttempt } from "./retry-policy.ts";
export { type ByteStream, byteChunks, toWebStream } from "./web-stream.ts";
