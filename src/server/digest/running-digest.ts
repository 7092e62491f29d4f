/** Every checksum that S3 offers, over bytes that arrive in pieces: those of the room checksum/ and the later ones. */
import { createHash } from "node:crypto";
import { type ChecksumAlgorithm, digestBytes, type RunningChecksum, startChecksum } from "../../checksum/index.ts";
import { RunningXxh3 } from "./xxh3.ts";
import { RunningXxh64 } from "./xxh64.ts";

/** As S3 names them in `x-amz-checksum-algorithm`. */
export type DigestAlgorithm = ChecksumAlgorithm | "SHA512" | "XXHASH64" | "XXHASH3" | "XXHASH128";

/** Length of each digest in bytes. */
export const digestLengths: Readonly<Record<DigestAlgorithm, number>> = {
  ...digestBytes,
  SHA512: 64,
  XXHASH64: 8,
  XXHASH3: 8,
  XXHASH128: 16,
};

/** Starts one. */
export function startDigest(algorithm: DigestAlgorithm): RunningChecksum {
  switch (algorithm) {
    case "SHA512": {
      const hash = createHash("sha512");
      return { update: (chunk) => void hash.update(chunk), digest: () => new Uint8Array(hash.digest()) };
    }
    case "XXHASH64":
      return new RunningXxh64();
    case "XXHASH3":
      return new RunningXxh3(64);
    case "XXHASH128":
      return new RunningXxh3(128);
    default:
      return startChecksum(algorithm);
  }
}

/** The digest of bytes that are all there. */
export function digestOf(algorithm: DigestAlgorithm, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const running = startDigest(algorithm);
  running.update(bytes);
  return running.digest();
}
