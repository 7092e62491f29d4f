/**
 * One large object in parts, several at once, each of them tried again by itself. All or nothing: whatever ends it early takes
 * the upload away with it.
 */
import { isEntrepotError } from "../../error/index.ts";
import { bodyChunks } from "../body-chunks.ts";
import { checkWrite } from "../conditions.ts";
import { keepsParts } from "../keeps-parts.ts";
import type { SizedSource, UnsizedSource, WriteOptions, WriteResult } from "../object-store.ts";
import type { BucketContext } from "./bucket-context.ts";
import { type BegunUpload, continueUpload, formatBegun, type SentPart } from "./continued-upload.ts";
import { PartBuffers } from "./part-buffers.ts";
import {
  algorithmHeaders,
  partChecksum,
  partSender,
  refusesChecksum,
  SummedPart,
  wholeChecksum,
} from "./part-checksum.ts";
import { cutParts, gatherParts, type Part } from "./parts.ts";
import { statObject } from "./read.ts";
import { callS3, objectUri } from "./s3-calls.ts";
import { stopWith, until } from "./stop-with.ts";
import { uploadBody } from "./upload-body.ts";
import { growingPartBytes, partBytesOf } from "./upload-limits.ts";
import {
  abandonUpload,
  completeUpload,
  confirmedEtag,
  createUpload,
  isUploadGone,
  uploadGone,
  uploadQuery,
} from "./uploads.ts";

/** A write in parts. */
interface PartedWrite {
  readonly context: BucketContext;
  readonly key: string;
  readonly uri: string;
  readonly options: WriteOptions;
  /** What describes the object. */
  readonly described: Readonly<Record<string, string>>;
}

/** Writes a body of known size, more than one request should carry. Error: limit-exceeded beyond 48.8 TiB. */
export async function writeInParts(write: PartedWrite, body: Uint8Array | SizedSource): Promise<WriteResult> {
  const { uploads } = write.context;
  const sizeBytes = body instanceof Uint8Array ? body.byteLength : body.sizeBytes;
  const partBytes = partBytesOf(sizeBytes, uploads, write.uri);
  if (body instanceof Uint8Array)
    return send(write, (signal) => until(signal, cutParts(body, partBytes)), { partBytes });
  const { openRange } = body;
  if (openRange !== undefined) {
    const ranged = { ...body, openRange: (start: number, end: number) => openRange.call(body, start, end) };
    return send(write, (signal) => until(signal, cutParts(ranged, partBytes)), { partBytes });
  }
  const buffers = new PartBuffers(uploads);
  try {
    const gathered = (signal: AbortSignal) =>
      gatherParts(bodyChunks(body, { uri: write.uri, signal }), () => partBytes, buffers, signal);
    return await send(write, gathered, { partBytes });
  } finally {
    buffers.close();
  }
}

/** Writes a body of unknown length; `single` writes one that ends within the first part. */
export async function writeUnsized(
  write: PartedWrite,
  body: UnsizedSource,
  single: (bytes: Uint8Array) => Promise<WriteResult>,
): Promise<WriteResult> {
  const { uri, options } = write;
  const { uploads } = write.context;
  const buffers = new PartBuffers(uploads);
  const stop = stopWith(options.signal);
  const { signal } = stop.controller;
  const sizeOf = (number: number) => growingPartBytes(number, uploads, uri);
  const parts = gatherParts(bodyChunks(body, { uri, signal }), sizeOf, buffers, signal);
  try {
    const first = await parts.next();
    if (first.done === true || first.value.isLast) return await single(first.value?.body ?? new Uint8Array(0));
    return await send(write, () => following(first.value, parts), { given: stop.controller });
  } finally {
    stop.end();
    await parts.return();
    buffers.close();
  }
}

async function* following<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield first;
  yield* rest;
}

type PartsUntil = (signal: AbortSignal) => Iterable<Part> | AsyncIterable<Part>;

interface Sending {
  /** Of all parts but the last, where they are known to be alike. */
  readonly partBytes?: number | undefined;
  readonly given?: AbortController | undefined;
}

async function send(write: PartedWrite, partsUntil: PartsUntil, { partBytes, given }: Sending): Promise<WriteResult> {
  const { context, options, key } = write;
  const stop = given === undefined ? stopWith(options.signal) : { controller: given, end: () => undefined };
  const resume = partBytes === undefined ? undefined : options.resume;
  try {
    const earlier =
      resume === undefined || partBytes === undefined
        ? undefined
        : await continueUpload(context, key, partBytes, resume, options);
    if (earlier?.written !== undefined) return earlier.written;
    await lookFirst(write);
    const upload = earlier?.upload ?? (await begin(write));
    try {
      if (earlier === undefined && partBytes !== undefined) await resume?.onBegun(formatBegun(upload, partBytes));
      const there = earlier?.parts ?? new Map<number, SentPart>();
      const parts = await sendParts(write, upload, partsUntil(stop.controller.signal), stop.controller, there);
      options.signal?.throwIfAborted();
      // Some servers take no notice of a condition on a completion.
      if (!context.sender.endpoint.aws) await lookFirst(write);
      return await complete(write, upload, parts);
    } catch (error) {
      if (resume !== undefined && keepsParts(error, options.signal)) throw error;
      throw await abandonUpload(context, upload, error);
    }
  } finally {
    stop.end();
  }
}

/** Gigabytes are not sent in vain. What counts is the condition on the completion; who may not look is let through to it. */
async function lookFirst({ context, key, uri, options }: PartedWrite): Promise<void> {
  const { ifMatch, ifNoneMatch, signal, retry, timeouts } = options;
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  const there = await statObject(context, key, { signal, retry, timeouts }).catch((error: unknown) => {
    if (isEntrepotError(error, "not-found")) return "nothing" as const;
    if (isEntrepotError(error, "forbidden")) return undefined;
    throw error;
  });
  if (there !== undefined) checkWrite(uri, there === "nothing" ? undefined : there.etag, options);
}

async function begin({ context, key, options, described }: PartedWrite): Promise<BegunUpload> {
  const { signal, retry, timeouts } = options;
  const create = (headers: Readonly<Record<string, string>>, onFailure?: (failure: unknown) => void) =>
    createUpload(context, key, headers, { signal, retry, timeouts }, onFailure);
  const checksum = partChecksum(context);
  if (checksum !== undefined) {
    let last: unknown;
    const note = (failure: unknown) => {
      last = failure;
    };
    try {
      return { ...(await create({ ...described, ...algorithmHeaders(checksum) }, note)), checksum };
    } catch (error) {
      if (!refusesChecksum(context, last)) throw error;
    }
  }
  return { ...(await create(described)), checksum: undefined };
}

async function sendParts(
  write: PartedWrite,
  upload: BegunUpload,
  parts: Iterable<Part> | AsyncIterable<Part>,
  stop: AbortController,
  there: ReadonlyMap<number, SentPart>,
): Promise<readonly SentPart[]> {
  const { parallelParts } = write.context.uploads;
  const sent: SentPart[] = [];
  const running = new Set<Promise<void>>();
  const run = async (number: number, part: Part): Promise<void> => {
    try {
      sent[number - 1] = await sendPart(write, upload, number, part, stop.signal);
    } catch (error) {
      stop.abort(error);
    } finally {
      part.release();
    }
  };
  try {
    let number = 0;
    for await (const part of parts) {
      number += 1;
      const known = there.get(number);
      if (known?.sizeBytes === part.sizeBytes) {
        sent[number - 1] = known;
        part.release();
        continue;
      }
      const sending = run(number, part).finally(() => running.delete(sending));
      running.add(sending);
      if (running.size >= parallelParts) await Promise.race(running);
      stop.signal.throwIfAborted();
    }
  } catch (error) {
    stop.abort(error);
  }
  await Promise.all(running);
  stop.signal.throwIfAborted();
  return sent;
}

/** How often a part that arrived with a wrong byte is sent again. */
const damagedTries = 3;

async function sendPart(
  write: PartedWrite,
  upload: BegunUpload,
  number: number,
  part: Part,
  signal: AbortSignal,
): Promise<SentPart> {
  const tries = Math.min(damagedTries, (write.options.retry ?? write.context.retry).attempts);
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendPartOnce(write, upload, number, part, signal);
    } catch (error) {
      if (attempt >= tries || !isEntrepotError(error, "integrity")) throw error;
    }
  }
}

async function sendPartOnce(
  { context, key, uri, options }: PartedWrite,
  upload: BegunUpload,
  number: number,
  part: Part,
  signal: AbortSignal,
): Promise<SentPart> {
  const { bucket, sender } = context;
  const { retry, timeouts } = options;
  const summed = upload.checksum === undefined ? undefined : new SummedPart(part.body, upload.checksum);
  const prepared = await uploadBody(partSender(context), summed?.body ?? part.body, { uri, signal }, undefined);
  summed?.learn(prepared.headers);
  let last: unknown;
  const { headers } = await callS3(
    context,
    {
      method: "PUT",
      bucket,
      key,
      query: uploadQuery(upload, number),
      headers: { ...prepared.headers, ...sender.encryption.object },
      payloadHash: prepared.payloadHash,
      body: prepared.open,
      bodyBytes: part.sizeBytes,
      uri,
    },
    { signal, retry, timeouts },
    {
      onFailure: (failure) => {
        last = failure;
      },
      check: (answer) => summed?.check(answer.headers, uri),
    },
  ).catch((error: unknown) => {
    throw isUploadGone(last) ? uploadGone(uri, error) : error;
  });
  const etag = confirmedEtag(headers["etag"], number, uri);
  return { number, etag, checksum: summed?.checksum, sizeBytes: part.sizeBytes };
}

async function complete(
  { context, options }: PartedWrite,
  upload: BegunUpload,
  parts: readonly SentPart[],
): Promise<WriteResult> {
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  const whole = wholeChecksum(upload.checksum, parts);
  let last: unknown;
  const note = (failure: unknown) => {
    last = failure;
  };
  try {
    return { ...(await completeUpload(context, upload, parts, options, whole, note)), sizeBytes };
  } catch (error) {
    if (Object.keys(whole).length === 0 || !refusesChecksum(context, last)) throw error;
  }
  const plain = parts.map(({ number, etag }) => ({ number, etag }));
  return { ...(await completeUpload(context, upload, plain, options)), sizeBytes };
}

/** A write in parts of this object. */
export function partedWrite(
  context: BucketContext,
  key: string,
  options: WriteOptions,
  described: Readonly<Record<string, string>>,
): PartedWrite {
  return { context, key, uri: objectUri(context.bucket, key), options, described };
}
