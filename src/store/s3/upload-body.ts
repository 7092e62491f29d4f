/**
 * A body on its way up, with what lets the server refuse it when a byte is wrong. Bytes at hand are covered by the signature. A
 * source goes to AWS in one pass, its CRC-32 behind it; other servers often know no trailers, so there it is read once more before.
 */
import { createHash, hash } from "node:crypto";
import { startChecksum } from "../../checksum/index.ts";
import { type BodyContext, bodyChunks } from "../body-chunks.ts";
import type { SizedSource } from "../object-store.ts";
import type { RequestSender } from "./request.ts";
import { emptyPayloadHash, unsignedPayload } from "./sign.ts";

/** What a request needs of it. */
interface UploadBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
  /** Opened anew for each try. */
  open(): Uint8Array | AsyncIterable<Uint8Array>;
}

/** Prepares it. `contentEncoding` is the object's own, which shares a header with the framing. */
export async function uploadBody(
  sender: RequestSender,
  body: Uint8Array | SizedSource,
  context: BodyContext,
  contentEncoding: string | undefined,
): Promise<UploadBody> {
  const open = () => (body instanceof Uint8Array ? body : bodyChunks(body, context));
  const length = body instanceof Uint8Array ? undefined : { "content-length": String(body.sizeBytes) };
  if (sender.identity.anonymous) {
    // Without a signature to cover them; the one checksum that every server has known from the beginning.
    const md5 = await digestOf("md5", body, context);
    return { headers: { ...length, "content-md5": md5.toString("base64") }, payloadHash: unsignedPayload, open };
  }
  if (body instanceof Uint8Array) {
    const payloadHash = body.byteLength === 0 ? emptyPayloadHash : hash("sha256", body);
    return { headers: {}, payloadHash, open };
  }
  if (sender.endpoint.aws && body.sizeBytes > 0) return trailedBody(body, context, contentEncoding);
  const sha256 = await digestOf("sha256", body, context);
  return { headers: { ...length }, payloadHash: sha256.toString("hex"), open };
}

const trailer = "x-amz-checksum-crc32";
const base64Length = 8;

/** `aws-chunked` in a single chunk, with a trailer. Only where TLS covers it, as on AWS: nothing signs the bytes. */
function trailedBody(body: SizedSource, context: BodyContext, contentEncoding: string | undefined): UploadBody {
  const head = `${body.sizeBytes.toString(16)}\r\n`;
  const tail = (checksum: string) => `\r\n0\r\n${trailer}:${checksum}\r\n\r\n`;
  const framedBytes = head.length + body.sizeBytes + tail("").length + base64Length;
  return {
    headers: {
      // S3 stores it without the first word.
      "content-encoding": contentEncoding === undefined ? "aws-chunked" : `aws-chunked,${contentEncoding}`,
      "content-length": String(framedBytes),
      "x-amz-decoded-content-length": String(body.sizeBytes),
      "x-amz-trailer": trailer,
    },
    payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    async *open() {
      const checksum = startChecksum("CRC32");
      yield Buffer.from(head, "latin1");
      for await (const piece of bodyChunks(body, context)) {
        checksum.update(piece);
        yield piece;
      }
      yield Buffer.from(tail(Buffer.from(checksum.digest()).toString("base64")), "latin1");
    },
  };
}

async function digestOf(
  algorithm: "md5" | "sha256",
  body: Uint8Array | SizedSource,
  context: BodyContext,
): Promise<Buffer> {
  const running = createHash(algorithm);
  for await (const piece of bodyChunks(body, context)) running.update(piece);
  return running.digest();
}
