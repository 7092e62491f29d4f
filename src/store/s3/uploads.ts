/**
 * The life of a multipart upload around its parts: begun, then completed or taken away. Where the parts come from, the bytes of a
 * caller or another object, is not known here.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { RequestOptions, WriteOptions } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { Doubt } from "../remote/doubt.ts";
import type { RetryPolicy } from "../retry-policy.ts";
import { fieldsOf, notSaid } from "./answer-fields.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { checkEncrypted } from "./encryption.ts";
import { quotedEtag } from "./etag.ts";
import { inServersWords } from "./heeded-conditions.ts";
import { findOwnWrite, markHeader, newMark } from "./own-write.ts";
import { headObject } from "./read.ts";
import { callS3, objectUri } from "./s3-calls.ts";
import { conditionHeaders, conditionOf } from "./write-condition.ts";
import { documentBody, escapeXml, xmlDocument } from "./xml-document.ts";

/** One that is under way. */
export interface Upload {
  readonly key: string;
  readonly id: string;
  /** Stored with the object, which is known by it when the answer to the completion was lost. */
  readonly mark: string;
}

/** A part that the server has. */
export interface UploadedPart {
  /** 1 to 10,000. */
  readonly number: number;
  readonly etag: string;
  /** Its checksum in base64, by the name of the element, e.g. `ChecksumCRC32`. */
  readonly checksum?: { readonly name: string; readonly value: string } | undefined;
}

/** What the completion made. */
interface CompletedUpload {
  readonly etag: string;
  readonly versionId: string | undefined;
}

/**
 * Begins one; `headers` describe the object that it will become, and may bring a mark; `onFailure` is told of each failed try. Errors: protocol; unsupported
 * where the server takes no notice of `sse`, and then nothing is left of it.
 */
export async function createUpload(
  context: BucketContext,
  key: string,
  headers: Readonly<Record<string, string>>,
  options: RequestOptions,
  onFailure?: (failure: unknown) => void,
): Promise<Upload> {
  const { bucket } = context;
  const uri = objectUri(bucket, key);
  const mark = headers[markHeader] ?? newMark();
  const query = encodeQuery({ uploads: "" });
  const marked = { ...headers, [markHeader]: mark };
  const request = { method: "POST", bucket, key, query, headers: marked, uri } as const;
  const { body, headers: answered } = await callS3(context, request, options, { onFailure }).catch((error: unknown) => {
    throw withoutName(context, uri, error);
  });
  const id = fieldsOf(body, "InitiateMultipartUploadResult", uri)["UploadId"];
  if (id === undefined || id === "") throw notSaid(uri, "the upload's id");
  const upload = { key, id, mark };
  try {
    checkEncrypted(context.sender.encryption, answered, uri);
  } catch (error) {
    throw await abandonUpload(context, upload, error);
  }
  return upload;
}

/** The query of a request about it, or about one of its parts. */
export function uploadQuery({ id }: Upload, partNumber?: number): string {
  return encodeQuery({ partNumber: partNumber === undefined ? undefined : String(partNumber), uploadId: id });
}

/** Assembling many parts takes its time, and some servers say nothing meanwhile; milliseconds. */
const assemblyMs = 120_000;

/**
 * Makes the object of its parts, which are given in order. `headers` are what the service wants beside the conditions. Also:
 * already-exists, precondition-failed; server-error, not retryable, where nobody can tell whether it was done.
 */
export function completeUpload(
  context: BucketContext,
  upload: Upload,
  parts: readonly UploadedPart[],
  options: WriteOptions,
  headers: Readonly<Record<string, string>> = {},
  onFailure?: (failure: unknown) => void,
): Promise<CompletedUpload> {
  return inServersWords(context, upload.key, options, (bareEtag) => {
    const all = { ...headers, ...conditionHeaders(options, bareEtag) };
    return complete(context, upload, parts, options, all, onFailure);
  });
}

async function complete(
  context: BucketContext,
  upload: Upload,
  parts: readonly UploadedPart[],
  options: WriteOptions,
  headers: Readonly<Record<string, string>>,
  onFailure: ((failure: unknown) => void) | undefined,
): Promise<CompletedUpload> {
  const { bucket, sender } = context;
  const { key } = upload;
  const { signal, retry, timeouts } = options;
  const uri = objectUri(bucket, key);
  const document = Buffer.from(partsDocument(parts));
  const ending = new Ending();
  try {
    const { body, headers: answered } = await callS3(
      context,
      {
        method: "POST",
        bucket,
        key,
        query: uploadQuery(upload),
        headers: {
          ...headers,
          ...sender.encryption.object,
          "content-type": "application/xml",
        },
        ...documentBody(document),
        condition: conditionOf(options),
        uri,
      },
      { signal, retry, timeouts: { firstByteMs: assemblyMs, ...timeouts } },
      {
        onFailure: (failure) => {
          ending.onFailure(failure);
          onFailure?.(failure);
        },
      },
    );
    const etag = quotedEtag(fieldsOf(body, "CompleteMultipartUploadResult", uri)["ETag"] ?? "");
    if (etag !== "" && etag !== '""') return { etag, versionId: answered["x-amz-version-id"] };
    const { info } = await headObject(context, key, { signal, retry, timeouts });
    return { etag: info.etag, versionId: info.versionId };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const ours = ending.doubt.exists ? await findOwnWrite(context, key, upload.mark, options) : undefined;
    if (ours !== undefined) return { etag: ours.etag, versionId: ours.versionId };
    throw ending.errorOf(error, uri, options);
  }
}

/** Watches the tries of a completion, and says what their end means. */
class Ending {
  readonly doubt = new Doubt();
  #lastCode = "";
  #hadConflict = false;

  readonly onFailure = (failure: unknown): void => {
    this.doubt.onFailure(failure);
    this.#lastCode = failure instanceof Refused ? failure.refusal.serverCode : "";
    if (this.#lastCode === "ConditionalRequestConflict") this.#hadConflict = true;
  };

  errorOf(error: unknown, uri: string, { ifNoneMatch }: WriteOptions): unknown {
    if (!isEntrepotError(error, "not-found", "already-exists", "precondition-failed")) return error;
    // After a lost answer the upload is gone, or the condition is false because of what it became.
    if (this.doubt.exists) return this.doubt.error("write", uri, error);
    if (this.#lastCode !== "NoSuchUpload") return error;
    if (!this.#hadConflict) return uploadGone(uri, error);
    // Of two that completed at once, AWS ends the other's upload.
    const code = ifNoneMatch === undefined ? "precondition-failed" : "already-exists";
    return new EntrepotError(code, `${uri} was written by another at the same time`, { uri, cause: error });
  }
}

/** What the server says of a part that it has. Error: protocol where it says nothing. */
export function confirmedEtag(etag: string | undefined, partNumber: number, uri: string): string {
  if (etag !== undefined && etag !== "") return etag;
  throw new EntrepotError("protocol", `${uri}: the server did not confirm part ${partNumber} with an ETag`, { uri });
}

/** Whether a try of a part failed because the upload is no longer there. */
export function isUploadGone(failure: unknown): boolean {
  return failure instanceof Refused && failure.refusal.serverCode === "NoSuchUpload";
}

/** The object was not missing: what was to become it is. */
export function uploadGone(uri: string, cause: unknown): EntrepotError {
  return new EntrepotError("server-error", `${uri}: the server no longer knows the upload; nothing was written`, {
    uri,
    hint: "Write it again. If that repeats, somebody aborts uploads: a lifecycle rule of the bucket, or another program.",
    cause,
  });
}

/** Long enough for a server that stumbles, short enough for a caller who has an error to hear; milliseconds. */
const abortPolicy: RetryPolicy = { attempts: 5, budgetMs: 20_000, baseDelayMs: 100, maxDelayMs: 5_000 };
const abortTimeouts = { connectMs: 5_000, firstByteMs: 10_000, idleMs: 10_000 } as const;

/**
 * Takes it away with its parts, which are paid for until then. Tried again by itself, and deaf to the signal of the caller, who may
 * be the reason. Never rejects: gives the error when it may still be there.
 */
export async function abortUpload(context: BucketContext, upload: Upload): Promise<EntrepotError | undefined> {
  const { bucket } = context;
  const { key } = upload;
  const uri = objectUri(bucket, key);
  const request = { method: "DELETE", bucket, key, query: uploadQuery(upload), uri } as const;
  try {
    await callS3(context, request, { retry: abortPolicy, timeouts: abortTimeouts });
    return undefined;
  } catch (error) {
    if (isEntrepotError(error, "not-found")) return undefined;
    return isEntrepotError(error) ? error : new EntrepotError("io", String(error), { uri, cause: error });
  }
}

/** The error that ended it, with what it left behind; what is not ours stays as it is. */
export async function abandonUpload(context: BucketContext, upload: Upload, error: unknown): Promise<unknown> {
  const left = await abortUpload(context, upload);
  if (left === undefined || !isEntrepotError(error)) return error;
  const { code, message, uri, retryable, failures } = error;
  return new EntrepotError(code, message, {
    uri,
    hint: `${error.hint} entrepot could not remove the upload ${upload.id} (${left.code}): its parts cost storage until it is aborted.`,
    cause: error.cause ?? error,
    retryable,
    failures,
  });
}

/** The parts as S3 wants to be told. */
function partsDocument(parts: readonly UploadedPart[]): string {
  const elements = parts.map(({ number, etag, checksum }) => {
    const sum = checksum === undefined ? "" : `<${checksum.name}>${checksum.value}</${checksum.name}>`;
    return `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(etag)}</ETag>${sum}</Part>`;
  });
  return xmlDocument("CompleteMultipartUpload", elements.join(""));
}

/** S3 begins an upload in parts for nobody without a name, and a stream without a size needs one: the error with that way out. */
function withoutName({ sender }: BucketContext, uri: string, error: unknown): unknown {
  if (!sender.identity.anonymous || !isEntrepotError(error, "forbidden", "unauthenticated")) return error;
  const hint =
    "Say how long it is (writeFrom a file, writeBytes), or write with credentials: S3 takes parts from nobody else.";
  return new EntrepotError(error.code, error.message, { uri, hint, cause: error.cause ?? error });
}
