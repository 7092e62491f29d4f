/**
 * Takes a request's body off the wire and holds it against everything the request says about it: length, payload hash,
 * chunk signatures, Content-MD5, checksums in headers and trailers. Only a body that passes is a body.
 */
import type { RunningChecksum } from "../../checksum/index.ts";
import type { Caller } from "../auth/caller.ts";
import { ChunkedDecoder } from "../auth/chunked.ts";
import { startDigest } from "../digest/running-digest.ts";
import { s3Error } from "../errors.ts";
import type { Call } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { ObjectChecksumAlgorithm, StoredChecksum } from "../storage/records.ts";
import { checksumHeader, defaultAlgorithm, type ExpectedChecksum, expectedChecksum, isDigest } from "./checksums.ts";

export interface ReceivedPayload {
  readonly sizeBytes: number;
  /** Hex. */
  readonly md5: string;
  /** The one to keep: as asked for, else the one that the client sent, else S3's default. */
  readonly checksum: StoredChecksum;
  /** Whether the client sent one. */
  readonly checksumWasSent: boolean;
}

/** Bytes that one request may bring. */
export const maxBodyBytes: number = 5 * 1024 ** 3;

/**
 * The body's length as announced, without framing; undefined when it is not known before it ends. Errors:
 * MissingContentLength, NotImplemented, EntityTooLarge, InvalidArgument.
 */
export function announcedLength(request: IncomingRequest, caller: Caller): number | undefined {
  if (caller.payload.kind === "form") return undefined;
  const chunked = caller.payload.kind === "chunked";
  const text = request.header(chunked ? "x-amz-decoded-content-length" : "content-length");
  if (text === undefined) {
    if (chunked || request.header("transfer-encoding") === undefined) throw s3Error("MissingContentLength");
    throw s3Error("NotImplemented", { details: { Header: "Transfer-Encoding" } });
  }
  if (!/^\d{1,15}$/.test(text)) throw s3Error("MissingContentLength");
  const length = Number(text);
  if (length <= maxBodyBytes) return length;
  throw s3Error("EntityTooLarge", { details: { ProposedSize: text, MaxSizeAllowed: String(maxBodyBytes) } });
}

/**
 * Feeds the body to `sink`, piece by piece. `keep` is the checksum to compute beside the one that is sent. Errors:
 * IncompleteBody, XAmzContentSHA256Mismatch, BadDigest, InvalidDigest, InvalidRequest, and those of chunked bodies.
 */
export async function receivePayload(
  request: IncomingRequest,
  caller: Caller,
  sink: (chunk: Uint8Array) => void | Promise<void>,
  keep?: ObjectChecksumAlgorithm,
): Promise<ReceivedPayload> {
  const announced = announcedLength(request, caller);
  const wantedMd5 = contentMd5(request);
  const expected = expectedChecksum(request);
  const { payload, seed } = caller;
  const announcedTrailer = request.header("x-amz-trailer")?.trim().toLowerCase();
  // The other way round it is fine: a kind of payload that may have a trailer need not.
  if (announcedTrailer !== undefined && !(payload.kind === "chunked" && payload.trailer)) {
    throw s3Error("InvalidRequest", { message: "x-amz-trailer and x-amz-content-sha256 contradict each other" });
  }
  const decoder =
    payload.kind === "chunked"
      ? new ChunkedDecoder({
          seed: payload.signed ? seed : undefined,
          trailer: payload.trailer,
          announced: announcedTrailer,
        })
      : undefined;
  const sha256 = payload.kind === "sha256" ? startDigest("SHA256") : undefined;
  const md5 = startDigest("MD5");
  const algorithm = keep ?? expected?.algorithm ?? defaultAlgorithm;
  const checksum = startDigest(algorithm);
  const sent = expected === undefined || expected.algorithm === algorithm ? undefined : startDigest(expected.algorithm);
  const running = [md5, checksum, sent, sha256].filter((one) => one !== undefined);

  let sizeBytes = 0;
  for await (const piece of request.body()) {
    for (const chunk of decoder === undefined ? [piece] : decoder.decode(piece)) {
      sizeBytes += chunk.length;
      if (sizeBytes > (announced ?? maxBodyBytes)) throw s3Error("IncompleteBody");
      for (const one of running) one.update(chunk);
      const written = sink(chunk);
      if (written !== undefined) await written;
    }
  }
  decoder?.end();
  if (announced !== undefined && sizeBytes !== announced) throw s3Error("IncompleteBody");

  if (payload.kind === "sha256" && sha256 !== undefined) checkSha256(sha256, payload.hex);
  const md5Digest = Buffer.from(md5.digest());
  if (wantedMd5 !== undefined && md5Digest.toString("base64") !== wantedMd5) {
    throw s3Error("BadDigest", {
      message: "The Content-MD5 you specified did not match what we received.",
      details: {
        ExpectedDigest: Buffer.from(wantedMd5, "base64").toString("hex"),
        CalculatedDigest: md5Digest.toString("base64"),
      },
    });
  }
  const value = Buffer.from(checksum.digest()).toString("base64");
  if (expected !== undefined) {
    const computed = sent === undefined ? value : Buffer.from(sent.digest()).toString("base64");
    checkExpected(expected, computed, decoder?.trailers);
  }
  return {
    sizeBytes,
    md5: md5Digest.toString("hex"),
    checksum: { algorithm, type: "FULL_OBJECT", value },
    checksumWasSent: expected !== undefined,
  };
}

/** What most documents must fit into. */
const smallDocumentBytes = 64 * 1024;

/** A whole small body, e.g. a document. Errors: MalformedXML above `maxBytes`, and those of `receivePayload`. */
export async function receiveText(
  request: IncomingRequest,
  caller: Caller,
  maxBytes: number = smallDocumentBytes,
): Promise<string> {
  // Documents may come without a length only when they are empty.
  if (request.header("content-length") === undefined && request.header("transfer-encoding") === undefined) return "";
  // Only objects and parts come in chunks: versitygw's UnsignedStreamingPayloadTrailer_not_allowed.
  if (caller.payload.kind === "chunked") {
    throw s3Error("InvalidRequest", { message: "The value of x-amz-content-sha256 header is invalid." });
  }
  return (await receiveDocument(request, caller, maxBytes)).text;
}

/** A document that S3 takes only with a digest: half of one would do harm. Errors: InvalidRequest, and those of `receiveText`. */
export async function receiveProtectedText(
  { request, caller, allows }: Pick<Call, "request" | "caller" | "allows">,
  maxBytes: number = smallDocumentBytes,
): Promise<string> {
  const { text, payload } = await receiveDocument(request, caller, maxBytes);
  const isProtected = payload.checksumWasSent || request.header("content-md5") !== undefined;
  if (isProtected || allows?.has("unprotected-documents") === true) return text;
  throw s3Error("InvalidRequest", { message: "Missing required header for this request: Content-MD5" });
}

async function receiveDocument(
  request: IncomingRequest,
  caller: Caller,
  maxBytes: number,
): Promise<{ readonly text: string; readonly payload: ReceivedPayload }> {
  const pieces: Uint8Array[] = [];
  let held = 0;
  const payload = await receivePayload(request, caller, (chunk) => {
    held += chunk.length;
    if (held > maxBytes) throw s3Error("MalformedXML");
    pieces.push(Uint8Array.from(chunk));
  });
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces)), payload };
  } catch {
    throw s3Error("MalformedXML");
  }
}

function contentMd5(request: IncomingRequest): string | undefined {
  const value = request.header("content-md5");
  if (value === undefined || isDigest("MD5", value)) return value;
  throw s3Error("InvalidDigest", { details: { "Content-MD5": value } });
}

function checkSha256(running: RunningChecksum, expected: string): void {
  const computed = Buffer.from(running.digest()).toString("hex");
  if (computed === expected) return;
  throw s3Error("XAmzContentSHA256Mismatch", {
    details: { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: computed },
  });
}

function checkExpected(
  expected: ExpectedChecksum,
  computed: string,
  trailers: ReadonlyMap<string, string> | undefined,
): void {
  const header = checksumHeader(expected.algorithm);
  const sent = expected.value ?? trailers?.get(header);
  if (sent === undefined || !isDigest(expected.algorithm, sent)) {
    throw expected.value === undefined && sent === undefined
      ? s3Error("MalformedTrailerError")
      : s3Error("InvalidRequest", { message: `Value for ${header} trailing header is invalid.` });
  }
  if (sent !== computed) {
    throw s3Error("BadDigest", {
      message: `The ${expected.algorithm} you specified did not match the calculated checksum.`,
    });
  }
}
