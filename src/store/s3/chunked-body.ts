/**
 * A body as `aws-chunked`: its length is known before, its checksum comes behind it. Each chunk signed, where the signature is to
 * cover the bytes; one chunk without a signature else.
 */
import { hash } from "node:crypto";
import { digestBytes, startChecksum } from "../../checksum/index.ts";
import type { ChunkSigner } from "./sign.ts";
import { checksumHeaderOf, type UploadChecksum } from "./upload-cover.ts";

/** What is signed at once, bytes. S3 wants at least 8 KiB. */
const chunkBytes = 64 * 1024;

export interface ChunkedBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
  /** Frames the pieces; `signer` where the payload is signed. */
  frame(
    pieces: AsyncIterable<Uint8Array>,
    signer: ChunkSigner | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined>;
}

/** The framing of a body of `sizeBytes`, from 1. `contentEncoding` is the object's own, which shares a header with the framing. */
export function chunkedBody(
  sizeBytes: number,
  algorithm: UploadChecksum,
  signed: boolean,
  contentEncoding: string | undefined,
): ChunkedBody {
  const trailer = checksumHeaderOf(algorithm);
  return {
    headers: {
      // S3 stores it without the first word.
      "content-encoding": contentEncoding === undefined ? "aws-chunked" : `aws-chunked,${contentEncoding}`,
      "content-length": String(framedBytes(sizeBytes, trailer, algorithm, signed)),
      "x-amz-decoded-content-length": String(sizeBytes),
      "x-amz-trailer": trailer,
    },
    payloadHash: signed ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" : "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    frame: (pieces, signer) =>
      signed && signer !== undefined
        ? signedFrames(pieces, trailer, algorithm, signer)
        : unsignedFrame(pieces, sizeBytes, trailer, algorithm),
  };
}

const signatureLength = ";chunk-signature=".length + 64;

function framedBytes(sizeBytes: number, trailer: string, algorithm: UploadChecksum, signed: boolean): number {
  const value = Math.ceil(digestBytes[algorithm] / 3) * 4;
  const tail = `0\r\n${trailer}:\r\n\r\n`.length + value;
  if (!signed) return `${sizeBytes.toString(16)}\r\n\r\n`.length + sizeBytes + tail;
  const whole = Math.floor(sizeBytes / chunkBytes);
  const rest = sizeBytes % chunkBytes;
  const framing = (size: number) => size.toString(16).length + signatureLength + 4;
  return (
    sizeBytes +
    whole * framing(chunkBytes) +
    (rest > 0 ? framing(rest) : 0) +
    signatureLength +
    tail +
    "x-amz-trailer-signature:\r\n".length +
    64
  );
}

async function* unsignedFrame(
  pieces: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  trailer: string,
  algorithm: UploadChecksum,
): AsyncGenerator<Uint8Array, void, undefined> {
  const checksum = startChecksum(algorithm);
  yield Buffer.from(`${sizeBytes.toString(16)}\r\n`, "latin1");
  for await (const piece of pieces) {
    checksum.update(piece);
    yield piece;
  }
  yield Buffer.from(`\r\n0\r\n${trailer}:${Buffer.from(checksum.digest()).toString("base64")}\r\n\r\n`, "latin1");
}

async function* signedFrames(
  pieces: AsyncIterable<Uint8Array>,
  trailer: string,
  algorithm: UploadChecksum,
  signer: ChunkSigner,
): AsyncGenerator<Uint8Array, void, undefined> {
  const checksum = startChecksum(algorithm);
  const head = (size: number, digest: string) =>
    Buffer.from(`${size.toString(16)};chunk-signature=${signer.chunk(digest)}\r\n`, "latin1");
  for await (const chunk of ofSize(pieces, chunkBytes)) {
    checksum.update(chunk);
    yield head(chunk.byteLength, hash("sha256", chunk));
    yield chunk;
    yield Buffer.from("\r\n", "latin1");
  }
  yield head(0, hash("sha256", ""));
  const line = `${trailer}:${Buffer.from(checksum.digest()).toString("base64")}`;
  const signature = signer.trailer(hash("sha256", `${line}\n`));
  yield Buffer.from(`${line}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`, "latin1");
}

/** The same bytes in pieces of `size`, the last one shorter. */
async function* ofSize(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.byteLength; ) {
      const part = piece.subarray(at, at + size - heldBytes);
      held.push(part);
      heldBytes += part.byteLength;
      at += part.byteLength;
      if (heldBytes < size) continue;
      yield Buffer.concat(held);
      held = [];
      heldBytes = 0;
    }
    // Whoever gave the piece may use it again.
    held = held.map((part) => part.slice());
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
