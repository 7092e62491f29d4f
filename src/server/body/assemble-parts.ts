/** What becomes of parts when an upload is completed: the checks, the entity tag, the checksum of the whole. Pure. */
import { combineCrc32, combineCrc32c, combineCrc64nvme } from "../../checksum/index.ts";
import { digestOf } from "../digest/running-digest.ts";
import { s3Error } from "../errors.ts";
import type {
  ObjectChecksumAlgorithm,
  ObjectRecord,
  PartRecord,
  StoredChecksum,
  UploadRecord,
} from "../storage/records.ts";
import { defaultAlgorithm } from "./checksums.ts";

/** A part as the client names it. */
export interface NamedPart {
  readonly number: number;
  /** Without quotes. */
  readonly etag: string;
  /** Base64 by algorithm. */
  readonly checksums: ReadonlyMap<ObjectChecksumAlgorithm, string>;
}

/** All parts but the last are at least this long. */
export const minPartBytes: number = 5 * 1024 * 1024;

/** The object that these parts make. Errors: InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest, InvalidRequest. */
export function assembleParts(
  upload: UploadRecord,
  present: readonly PartRecord[],
  named: readonly NamedPart[],
  modifiedMs: number,
): ObjectRecord {
  const chosen = named.map((part, index) => {
    if (index > 0 && part.number <= (named[index - 1]?.number ?? 0)) throw s3Error("InvalidPartOrder");
    return findPart(upload, present, part);
  });
  for (const part of chosen.slice(0, -1)) {
    if (part.sizeBytes < minPartBytes) {
      throw s3Error("EntityTooSmall", {
        details: {
          ProposedSize: String(part.sizeBytes),
          MinSizeAllowed: String(minPartBytes),
          PartNumber: String(part.number),
          ETag: part.etag,
        },
      });
    }
  }
  const digests = Buffer.concat(chosen.map(({ etag }) => Buffer.from(etag, "hex")));
  return {
    key: upload.key,
    headers: upload.headers,
    metadata: upload.metadata,
    storageClass: upload.storageClass,
    tags: upload.tags,
    encryption: upload.encryption,
    sizeBytes: chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    modifiedMs,
    etag: `${Buffer.from(digestOf("MD5", digests)).toString("hex")}-${chosen.length}`,
    checksum: wholeChecksum(upload, chosen),
    blobs: chosen.map(({ blob }) => blob),
    // Of an upload that named no algorithm only the whole has a checksum: the default one.
    parts: chosen.map(({ number, sizeBytes, checksum }) => ({
      number,
      sizeBytes,
      checksum: upload.checksum === undefined ? undefined : checksum,
    })),
  };
}

function findPart(upload: UploadRecord, present: readonly PartRecord[], named: NamedPart): PartRecord {
  const part = present.find(({ number }) => number === named.number);
  const kept = part?.checksum;
  const claimed = kept === undefined ? undefined : named.checksums.get(kept.algorithm);
  const [stranger] = [...named.checksums.keys()].filter((algorithm) => algorithm !== kept?.algorithm);
  if (stranger !== undefined && kept !== undefined) {
    throw s3Error("BadDigest", {
      message: `The ${stranger.toLowerCase()} you specified for part ${named.number} did not match what we received.`,
    });
  }
  if (claimed === undefined && upload.checksum?.type === "COMPOSITE") {
    throw s3Error("InvalidRequest", {
      message: `The upload was created using a ${upload.checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${named.number} in the request.`,
    });
  }
  if (part !== undefined && part.etag === named.etag && (claimed === undefined || claimed === kept?.value)) return part;
  throw s3Error("InvalidPart", {
    details: { UploadId: upload.id, PartNumber: String(named.number), ETag: named.etag },
  });
}

function wholeChecksum(upload: UploadRecord, parts: readonly PartRecord[]): StoredChecksum | undefined {
  const { algorithm, type } = upload.checksum ?? { algorithm: defaultAlgorithm, type: "FULL_OBJECT" };
  const digests = parts.map(({ checksum }) => Buffer.from(checksum?.value ?? "", "base64"));
  if (type === "COMPOSITE") {
    const value = Buffer.from(digestOf(algorithm, Buffer.concat(digests))).toString("base64");
    return { algorithm, type, value: `${value}-${parts.length}` };
  }
  const sizes = parts.map(({ sizeBytes }) => sizeBytes);
  return { algorithm, type, value: combineDigests(algorithm, digests, sizes).toString("base64") };
}

function combineDigests(
  algorithm: ObjectChecksumAlgorithm,
  digests: readonly Buffer[],
  sizes: readonly number[],
): Buffer {
  if (algorithm === "CRC64NVME") {
    const whole = digests.reduce(
      (sum, digest, i) => combineCrc64nvme(sum, digest.readBigUInt64BE(), sizes[i] ?? 0),
      0n,
    );
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(whole);
    return bytes;
  }
  const combine = algorithm === "CRC32" ? combineCrc32 : combineCrc32c;
  const whole = digests.reduce((sum, digest, i) => combine(sum, digest.readUInt32BE(), sizes[i] ?? 0), 0);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(whole);
  return bytes;
}
