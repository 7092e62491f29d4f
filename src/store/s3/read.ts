/** GET and HEAD of one object. */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders, Timeouts } from "../../net/index.ts";
import { otherVersion } from "../conditions.ts";
import type { BodySink, ObjectInfo, ReadOptions, ReadResult, StatOptions } from "../object-store.ts";
import type { AnswerSink, Refused } from "../remote/answer.ts";
import { protocolError } from "../remote/check-answer.ts";
import { wholeChecksums } from "../remote/checksum.ts";
import { isStrongEtag } from "../remote/etag.ts";
import type { Findings } from "../remote/findings.ts";
import { contentLength, objectInfo } from "../remote/object-info.ts";
import type { PartLayout } from "../remote/parts-checksum.ts";
import { readObject } from "../remote/read.ts";
import type { ParallelSettings, Reading } from "../remote/reading.ts";
import type { Clock, RetryPolicy } from "../retry-policy.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { explainedRefusal } from "./explain-refusal.ts";
import { learn } from "./learn.ts";
import { findPartLayout } from "./part-layout.ts";
import { S3Refused } from "./request.ts";
import { callS3, objectUri, pathOfKey } from "./s3-calls.ts";

/** Reads into the sink. */
export async function readS3Object(
  context: BucketContext,
  key: string,
  sink: BodySink,
  options: ReadOptions,
): Promise<ReadResult | "not-modified"> {
  return readObject(new S3Reading(context, key, options), sink);
}

/** A read as the shared reader wants it; one object and no closures, because small reads come by the thousand. */
class S3Reading implements Reading {
  readonly method = "GET";
  readonly condition = undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly key: string;
  readonly #context: BucketContext;
  readonly #options: ReadOptions;
  readonly #path: string;
  readonly #query: string;

  constructor(context: BucketContext, key: string, options: ReadOptions) {
    this.#context = context;
    this.key = key;
    this.#options = options;
    this.#path = pathOfKey(context.bucket, key);
    this.#query = versionQuery(options.versionId);
    this.headers = context.sender.readHeaders;
  }

  get uri(): string {
    return objectUri(this.#context.bucket, this.key, this.#options.versionId);
  }
  get clock(): Clock {
    return this.#context.sender.clock;
  }
  get policy(): RetryPolicy {
    return this.#options.retry ?? this.#context.retry;
  }
  get identity(): Reading["identity"] {
    return this.#context.sender.identity.anonymous ? "anonymous" : "signed";
  }
  get signal(): AbortSignal | undefined {
    return this.#options.signal;
  }
  get onRetry(): Reading["onRetry"] {
    return this.#context.onRetry;
  }
  get range(): ReadOptions["range"] {
    return this.#options.range;
  }
  get ifMatch(): string | undefined {
    return this.#options.ifMatch;
  }
  get ifNoneMatch(): string | undefined {
    return this.#options.ifNoneMatch;
  }
  get findings(): Findings {
    return this.#context.findings;
  }
  get parallel(): ParallelSettings {
    return this.#context.parallel;
  }
  get untilStarted(): ReadOptions["untilStarted"] {
    return this.#options.untilStarted;
  }

  learn(refused: Refused, once: (what: string) => boolean): boolean {
    return learn(this.#context.sender, this.#context.bucket, refused, once);
  }

  send(
    headers: Readonly<Record<string, string>>,
    sink: AnswerSink,
    timeouts: Timeouts | undefined = this.#options.timeouts,
    signal: AbortSignal | undefined = this.#options.signal,
  ): Promise<void> {
    return this.#context.sender.send(
      {
        method: "GET",
        bucket: this.#context.bucket,
        key: this.#path,
        query: this.#query,
        headers,
        signal,
        timeouts,
      },
      sink,
    );
  }

  layout(info: ObjectInfo, parts: number, signal: AbortSignal): Promise<PartLayout | undefined> {
    const { versionId, timeouts, signal: own } = this.#options;
    const both = own === undefined ? signal : AbortSignal.any([own, signal]);
    return findPartLayout(this.#context, info, parts, { versionId, timeouts, signal: both });
  }

  /** S3 may say in a document what went wrong after it had begun with 200; every object has an ETag or at least a date. */
  checkHead(headers: ResponseHeaders): void {
    if (headers["etag"] !== undefined || headers["last-modified"] !== undefined) return;
    if (headers["content-type"]?.toLowerCase().includes("xml") !== true) return;
    throw protocolError(this.uri, "a document without ETag and date, which is no object");
  }

  stat(): Promise<ObjectInfo> {
    return statObject(this.#context, this.key, this.#options);
  }
}

/** The object's description. */
export async function statObject(context: BucketContext, key: string, options: StatOptions): Promise<ObjectInfo> {
  return (await headObject(context, key, options)).info;
}

/** The object's description, and the headers that it was read from. */
export async function headObject(
  context: BucketContext,
  key: string,
  options: StatOptions,
): Promise<{ readonly info: ObjectInfo; readonly headers: ResponseHeaders }> {
  pathOfKey(context.bucket, key);
  const { ifMatch, checksums = false } = options;
  const uri = objectUri(context.bucket, key, options.versionId);
  const { bucket, sender } = context;
  const condition = ifMatch !== undefined && isStrongEtag(ifMatch) ? { "if-match": ifMatch } : undefined;
  const request = {
    method: "HEAD",
    bucket,
    key,
    query: versionQuery(options.versionId),
    headers: { ...(checksums ? sender.readHeaders : sender.encryption.object), ...condition },
    uri,
  } as const;
  let refused: unknown;
  const onFailure = (failure: unknown) => {
    refused = failure;
  };
  const { headers } = await callS3(context, request, options, { onFailure }).catch(async (error: unknown) => {
    const better = await explainedRefusal(context, request, refused, options);
    // what explains a refusal may have taught the bucket's region, which an answer without a body could not
    const moved = refused instanceof S3Refused && refused.target.region !== sender.targetOf(bucket).region;
    if (better !== undefined || !moved) throw better ?? error;
    return callS3(context, request, options);
  });
  const sizeBytes = contentLength(headers);
  if (sizeBytes === undefined)
    throw new EntrepotError("protocol", `${uri}: the server does not tell its size`, { uri });
  const info = objectInfo(key, sizeBytes, headers);
  if (ifMatch !== undefined && ifMatch !== info.etag) throw otherVersion(uri);
  return { info: checksums ? { ...info, checksums: wholeChecksums(headers) } : info, headers };
}

/** The query of a request for one version. */
export function versionQuery(versionId: string | undefined): string {
  return versionId === undefined ? "" : encodeQuery({ versionId });
}
