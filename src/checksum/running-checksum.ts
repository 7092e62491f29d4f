/**
 * One checksum over bytes that arrive in pieces, whatever its algorithm: the CRCs of this room, SHA and MD5 of
 * `node:crypto`. Digests are bytes, most significant first, as they stand in S3's headers after base64.
 */
import { createHash } from "node:crypto";
import { crc32 } from "./crc32.ts";
import { crc32c } from "./crc32c.ts";
import { Crc64Register } from "./crc64nvme.ts";

/** The names that S3 gives them, and MD5. */
export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256" | "MD5";

/** Length of each digest in bytes. */
export const digestBytes: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  MD5: 16,
};

/** A checksum in the making; `digest` ends it. */
export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  digest(): Uint8Array<ArrayBuffer>;
}

/** Starts one. */
export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case "CRC32":
      return running32(crc32);
    case "CRC32C":
      return running32(crc32c);
    case "CRC64NVME":
      return running64();
    default:
      return runningHash(algorithm.toLowerCase());
  }
}

/** The digest of bytes that are all there. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const running = startChecksum(algorithm);
  running.update(bytes);
  return running.digest();
}

function running32(next: (chunk: Uint8Array, seed: number) => number): RunningChecksum {
  let value = 0;
  return {
    update(chunk) {
      value = next(chunk, value);
    },
    digest() {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, value);
      return bytes;
    },
  };
}

function running64(): RunningChecksum {
  const register = new Crc64Register();
  return {
    update(chunk) {
      register.update(chunk);
    },
    digest() {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, register.high);
      view.setUint32(4, register.low);
      return bytes;
    },
  };
}

function runningHash(name: string): RunningChecksum {
  const hash = createHash(name);
  return {
    update(chunk) {
      hash.update(chunk);
    },
    digest: () => new Uint8Array(hash.digest()),
  };
}
