/**
 * One request to S3: addressed, signed, sent, and read as an answer or a refusal. No retry here; what a refusal teaches
 * (another region, an expired token, a wrong clock) is kept for the next try.
 */
import type { Timeouts, Transport } from "../../net/index.ts";
import { type AnswerSink, Refused } from "../remote/answer.ts";
import { type Refusal, refusalOf } from "../remote/refusal.ts";
import type { RequestEvent } from "../remote/request-event.ts";
import { type RequestFailure, requestFailure } from "../remote/request-failure.ts";
import type { Clock } from "../retry-policy.ts";
import { untilAborted } from "../until-aborted.ts";
import type { Encryption } from "./encryption.ts";
import type { BucketTarget, Endpoint } from "./endpoint.ts";
import { errorFields, withoutSecrets } from "./error-answer.ts";
import type { Identity } from "./identity.ts";
import { isGateway, isPage, isVerdict, noWay, S3Answer, webPage } from "./s3-answer.ts";
import { type ChunkSigner, emptyPayloadHash, type Signer } from "./sign.ts";
import type { UploadCover } from "./upload-cover.ts";

/** The question for the checksum that the server keeps. */
const checksumMode = "x-amz-checksum-mode";

export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** `undefined` asks the account. */
  readonly bucket: string | undefined;
  /** Encoded; empty for the bucket itself. */
  readonly key: string;
  /** Encoded and sorted; may be empty. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Hex SHA-256 of the body or `UNSIGNED-PAYLOAD`. Default: that of no body. */
  readonly payloadHash?: string | undefined;
  /** Opened anew for each try; `signer` gives what signs its chunks, where the request is signed. */
  readonly body?: ((signer?: () => ChunkSigner) => Uint8Array | AsyncIterable<Uint8Array>) | undefined;
  /** The length of the body, for whoever watches. */
  readonly bodyBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** A refusal, with what the next try must know. */
export class S3Refused extends Refused {
  readonly signer: Signer | undefined;
  readonly target: BucketTarget;
  /** It looks like the answer of a stranger to S3, e.g. a proxy. */
  readonly page: boolean;

  constructor(refusal: Refusal, signer: Signer | undefined, target: BucketTarget, page: boolean) {
    super(refusal);
    this.signer = signer;
    this.target = target;
    this.page = page;
  }
}

interface SenderOptions {
  readonly endpoint: Endpoint;
  readonly identity: Identity;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly encryption: Encryption;
  readonly cover: UploadCover;
  readonly responseChecksums?: boolean | undefined;
  readonly requesterPays?: boolean | undefined;
  /** The account that must own every bucket that is asked, 12 digits. */
  readonly expectedBucketOwner?: string | undefined;
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
}

export class RequestSender {
  readonly endpoint: Endpoint;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly encryption: Encryption;
  readonly cover: UploadCover;
  /** What goes with every request to a bucket: who pays, and who must own it. */
  readonly standing: Readonly<Record<string, string>> | undefined;
  readonly #transport: Transport;
  readonly #onRequest: SenderOptions["onRequest"];
  readonly #targets = new Map<string, BucketTarget>();
  readonly #seen = new Set<string>();
  #readHeaders: Readonly<Record<string, string>>;
  /** The region of an own endpoint, as its server names it. */
  #region: string | undefined;
  #skewMs = 0;
  #asksChecksums: boolean;

  constructor(options: SenderOptions) {
    this.endpoint = options.endpoint;
    this.identity = options.identity;
    this.clock = options.clock;
    this.#transport = options.transport;
    this.encryption = options.encryption;
    this.cover = options.cover;
    this.#asksChecksums = options.responseChecksums !== false;
    this.#readHeaders = this.#headersOfReads();
    this.standing = standingHeaders(options);
    this.#onRequest = options.onRequest;
  }

  /** The server's time as far as it is known. */
  now(): number {
    return this.clock.now() + this.#skewMs;
  }

  /** What goes with every GET of an object: S3 gives a checksum only to those who ask, and such bytes only to who has their key. */
  get readHeaders(): Readonly<Record<string, string>> {
    return this.#readHeaders;
  }

  /** Asks for no checksum from now on, not even in reads under way: some servers refuse the question. */
  dropChecksums(): void {
    this.#asksChecksums = false;
    this.#readHeaders = this.#headersOfReads();
  }

  #headersOfReads(): Readonly<Record<string, string>> {
    return { ...(this.#asksChecksums ? { [checksumMode]: "ENABLED" } : undefined), ...this.encryption.object };
  }

  /** Believes the server's clock from now on. */
  adjustClock(serverTimeMs: number): void {
    this.#skewMs = serverTimeMs - this.clock.now();
  }

  /** Sends this bucket's requests to another region from now on. */
  moveBucket(bucket: string, region: string): void {
    this.#targets.set(bucket, this.endpoint.bucket(bucket, region));
  }

  /** Signs for another region at the same host from now on: that of an own endpoint. */
  signFor(region: string): void {
    this.#region = region;
    this.#targets.clear();
  }

  /** Whether an answer has shown that the bucket is there. */
  hasSeen(bucket: string): boolean {
    return this.#seen.has(bucket);
  }

  targetOf(bucket: string | undefined): BucketTarget {
    const known = this.#targets.get(bucket ?? "");
    if (known !== undefined) return known;
    const target =
      bucket === undefined ? this.endpoint.account(this.#region) : this.endpoint.bucket(bucket, this.#region);
    this.#targets.set(bucket ?? "", target);
    return target;
  }

  /** Asks the bucket's server less at once, for what an answer's body said; a status is seen by the transport itself. */
  throttled(bucket: string | undefined): void {
    this.#transport.throttled?.(this.targetOf(bucket).origin);
  }

  /** One try. Rejects with `S3Refused`, with an error of the transport, with what `sink` threw, or `signal.reason`. */
  async send(request: S3Request, sink: AnswerSink): Promise<void> {
    const target = this.targetOf(request.bucket);
    const refused = this.#transport.refusal?.(target.origin);
    if (refused !== undefined) throw refused;
    const signing = this.identity.signer(target.region);
    const signer = signing instanceof Promise ? await untilAborted(signing, request.signal) : signing;
    // `/bucket` and not `/bucket/`: some servers canonicalise the one and not the other, none the other way round.
    const path = request.key === "" && target.prefix !== "" ? target.prefix : `${target.prefix}/${request.key}`;
    const { method, query, payloadHash = emptyPayloadHash } = request;
    const { standing } = this;
    const wanted =
      !this.#asksChecksums && checksumMode in request.headers ? withoutMode(request.headers) : request.headers;
    const given = standing === undefined || request.bucket === undefined ? wanted : { ...wanted, ...standing };
    const headers =
      signer === undefined
        ? given
        : signer.sign({ method, host: target.host, path, query, headers: given, payloadHash }, this.now());
    const answer = new S3Answer(sink, target.origin);
    const startedMs = this.#onRequest === undefined ? 0 : this.clock.now();
    let failure: RequestFailure | undefined;
    try {
      await this.#transport.send(
        {
          method,
          origin: target.origin,
          path: query === "" ? path : `${path}?${query}`,
          headers,
          body: request.body?.(signer === undefined ? undefined : () => signer.chunks(headers)),
          signal: request.signal,
          timeouts: request.timeouts,
        },
        answer,
      );
    } catch (error) {
      failure = requestFailure(error, request.signal);
      // What a refusal's status says holds, even if its body broke off or has no end.
      if (!answer.refused || request.signal?.aborted === true) throw error;
    } finally {
      if (this.#onRequest !== undefined) {
        const { bucket, key } = request;
        const ms = this.clock.now() - startedMs;
        const { status, receivedBytes } = answer;
        const sentBytes = request.bodyBytes ?? 0;
        const told = { method, origin: target.origin, attempt: sink.attempt ?? 1, failure, startedMs };
        this.#onRequest({ type: "request", ...told, bucket, key, status, ms, sentBytes, receivedBytes });
      }
    }
    const { bucket } = request;
    if (!answer.refused) {
      if (bucket !== undefined && !this.#seen.has(bucket)) this.#seen.add(bucket);
      return;
    }
    const fields = withoutSecrets(errorFields(answer.body()), signer?.credentials);
    if (bucket !== undefined && (answer.status === 412 || fields.Code === "NoSuchKey")) this.#seen.add(bucket);
    const { status = 0 } = answer;
    const page = fields.Code === undefined && isPage(answer.headers);
    // A HEAD brings no document by which to tell; a GET is asked then.
    if (page && isVerdict(status) && method !== "HEAD") throw webPage(target.origin);
    if (page && isGateway(status)) throw noWay(target.origin, status);
    throw new S3Refused(refusalOf(status, answer.headers, fields, this.clock.now()), signer, target, page);
  }
}

function withoutMode({
  [checksumMode]: _,
  ...rest
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return rest;
}

function standingHeaders({ requesterPays, expectedBucketOwner }: SenderOptions): RequestSender["standing"] {
  if (requesterPays !== true && expectedBucketOwner === undefined) return undefined;
  return {
    ...(requesterPays === true ? { "x-amz-request-payer": "requester" } : undefined),
    ...(expectedBucketOwner === undefined ? undefined : { "x-amz-expected-bucket-owner": expectedBucketOwner }),
  };
}
