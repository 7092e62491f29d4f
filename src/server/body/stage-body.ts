/** Puts bytes where nobody sees them yet, and throws them away when anything is wrong with them. */
import type { Caller } from "../auth/caller.ts";
import { startDigest } from "../digest/running-digest.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { piecesOf } from "../storage/blob-bytes.ts";
import type { Blob, ObjectChecksumAlgorithm, ObjectRecord } from "../storage/records.ts";
import type { BlobBytes, Storage } from "../storage/storage.ts";
import { type ReceivedPayload, receivePayload } from "./payload.ts";

export interface StagedBody {
  readonly blob: Blob;
  readonly payload: ReceivedPayload;
}

/** What a record says of an object whose bytes are one staged body, written at `nowMs`. */
export function recordOf(
  { blob, payload }: StagedBody,
  nowMs: number,
): Pick<ObjectRecord, "sizeBytes" | "modifiedMs" | "etag" | "checksum" | "blobs" | "parts"> {
  const { sizeBytes, md5, checksum } = payload;
  return { sizeBytes, modifiedMs: nowMs, etag: md5, checksum, blobs: [blob], parts: undefined };
}

/** The body of a request, verified. Errors: those of `receivePayload`. */
export async function stageBody(
  storage: Storage,
  request: IncomingRequest,
  caller: Caller,
  sizeBytes: number | undefined,
  keep?: ObjectChecksumAlgorithm,
): Promise<StagedBody> {
  const pending = storage.createBlob(sizeBytes);
  try {
    const payload = await receivePayload(request, caller, (chunk) => pending.write(chunk), keep);
    return { blob: await pending.finish(), payload };
  } catch (error) {
    await pending.discard();
    throw error;
  }
}

/** Bytes that the server already has, for copies. */
export async function stageCopy(
  storage: Storage,
  bytes: BlobBytes,
  sizeBytes: number,
  algorithm: ObjectChecksumAlgorithm,
): Promise<StagedBody> {
  const pending = storage.createBlob(sizeBytes);
  const [md5, checksum] = [startDigest("MD5"), startDigest(algorithm)];
  try {
    for await (const chunk of piecesOf(bytes)) {
      md5.update(chunk);
      checksum.update(chunk);
      await pending.write(chunk);
    }
    const blob = await pending.finish();
    const value = Buffer.from(checksum.digest()).toString("base64");
    return {
      blob,
      payload: {
        sizeBytes: blob.sizeBytes,
        md5: Buffer.from(md5.digest()).toString("hex"),
        checksum: { algorithm, type: "FULL_OBJECT", value },
        checksumWasSent: false,
      },
    };
  } catch (error) {
    await pending.discard();
    throw error;
  }
}
