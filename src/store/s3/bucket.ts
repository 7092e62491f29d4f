/**
 * One bucket as a store. Each method is a few lines: what S3 calls it, and what its answer means; the work is in the files
 * beside it.
 */
import type {
  BodySink,
  BucketStore,
  CopySource,
  DeletedKey,
  DeleteManyOptions,
  DeleteOptions,
  ListOptions,
  ListPage,
  ObjectInfo,
  ReadOptions,
  ReadResult,
  RequestOptions,
  StatOptions,
  VersionPage,
  WriteBody,
  WriteOptions,
  WriteResult,
} from "../object-store.ts";
import type { OwnRetries } from "../own-retries.ts";
import type { PlannedCall, PlannedCosts } from "../planned-calls.ts";
import type { UnfinishedUpload } from "../resumable-write.ts";
import type { BucketContext } from "./bucket-context.ts";
import { createBucket, removeBucket } from "./bucket-life.ts";
import { copyObject } from "./copy.ts";
import { deleteObject } from "./delete.ts";
import { deleteObjects } from "./delete-many.ts";
import { listObjects } from "./list.ts";
import { listVersions } from "./list-versions.ts";
import { presignUrl } from "./presign.ts";
import { readS3Object, statObject } from "./read.ts";
import { requestsOf } from "./requests-of.ts";
import type { S3Calls } from "./s3-calls.ts";
import { writeObject } from "./write.ts";

export class S3Bucket implements BucketStore, OwnRetries {
  readonly uri: string;
  readonly retriesByItself = true;
  readonly #context: BucketContext;

  constructor(calls: S3Calls, bucket: string) {
    // A name that is none fails now, not at the first request.
    calls.sender.targetOf(bucket);
    this.uri = `s3://${bucket}/`;
    this.#context = { ...calls, bucket };
  }

  read(key: string, sink: BodySink, options: ReadOptions = {}): Promise<ReadResult | "not-modified"> {
    return readS3Object(this.#context, key, sink, options);
  }

  stat(key: string, options: StatOptions = {}): Promise<ObjectInfo> {
    return statObject(this.#context, key, options);
  }

  write(key: string, body: WriteBody, options: WriteOptions = {}): Promise<WriteResult> {
    return writeObject(this.#context, key, body, options);
  }

  delete(key: string, options: DeleteOptions = {}): Promise<void> {
    return deleteObject(this.#context, key, options);
  }

  deleteMany(keys: readonly string[], options: DeleteManyOptions = {}): AsyncIterable<DeletedKey> {
    return deleteObjects(this.#context, keys, options);
  }

  list(options: ListOptions = {}): AsyncIterable<ListPage> {
    return listObjects(this.#context, options);
  }

  listVersions(options: Omit<ListOptions, "startAfter" | "shards"> = {}): AsyncIterable<VersionPage> {
    return listVersions(this.#context, options);
  }

  async copyFrom(source: CopySource, key: string, options: WriteOptions = {}): Promise<WriteResult | undefined> {
    const from = source.store instanceof S3Bucket ? source.store.#context : undefined;
    return from?.sender === this.#context.sender ? copyObject(this.#context, from, source, key, options) : undefined;
  }

  async verify(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    options: RequestOptions & { readonly ifMatch: string; readonly versionId?: string | undefined },
  ): Promise<ReadResult["verified"]> {
    const { verifyObject } = await import("./verify.ts");
    return verifyObject(this.#context, key, bytes, options);
  }

  async abandonWrite(key: string, begun: string): Promise<void> {
    const { abortBegun } = await import("./continued-upload.ts");
    return abortBegun(this.#context, key, begun);
  }

  requestsOf(call: PlannedCall): PlannedCosts | undefined {
    const from = call.call === "copyFrom" && call.from instanceof S3Bucket ? call.from.#context : undefined;
    return requestsOf(this.#context, call, from);
  }

  async *unfinishedUploads(
    options: RequestOptions & { readonly prefix?: string | undefined } = {},
  ): AsyncGenerator<UnfinishedUpload, void, undefined> {
    const { listUploads } = await import("./list-uploads.ts");
    yield* listUploads(this.#context, options);
  }

  createBucket(options: RequestOptions & { readonly region?: string | undefined } = {}): Promise<void> {
    return createBucket(this.#context, options);
  }

  removeBucket(options: RequestOptions = {}): Promise<void> {
    return removeBucket(this.#context, options);
  }

  presign(
    key: string,
    options: RequestOptions & {
      readonly method: "GET" | "PUT";
      readonly expiresMs: number;
      readonly versionId?: string | undefined;
    },
  ): Promise<string> {
    return presignUrl(this.#context, key, options);
  }

  /** The service's connections are its own; there is nothing to close here. */
  async close(): Promise<void> {}
}
