import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ChecksumAlgorithm,
  checksumOf,
  combineCrc32,
  combineCrc32c,
  combineCrc64nvme,
  crc32,
  crc32c,
  crc64nvme,
  digestBytes,
  startChecksum,
} from "./index.ts";

const check = new TextEncoder().encode("123456789");
const ascending = Uint8Array.from({ length: 32 }, (_, n) => n);

describe("published vectors", () => {
  // RFC 3720 B.4 for CRC-32C; the CRC catalogue's check values; FIPS 180; RFC 1321; NVMe NVM command set 1.0 table.
  test.each<[ChecksumAlgorithm, Uint8Array, string]>([
    ["CRC32", check, "cbf43926"],
    ["CRC32C", check, "e3069283"],
    ["CRC32C", new Uint8Array(32), "8a9136aa"],
    ["CRC32C", new Uint8Array(32).fill(255), "62a8ab43"],
    ["CRC32C", ascending, "46dd794e"],
    ["CRC32C", ascending.toReversed(), "113fdb5c"],
    ["CRC64NVME", check, "ae8b14860a799888"],
    ["CRC64NVME", new Uint8Array(4096), "6482d367eb22b64e"],
    ["CRC64NVME", new Uint8Array(4096).fill(255), "c0ddba7302eca3ac"],
    ["SHA1", new TextEncoder().encode("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d"],
    ["SHA256", new TextEncoder().encode("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["MD5", new TextEncoder().encode("abc"), "900150983cd24fb0d6963f7d28e17f72"],
  ])("%s of %# is as published", (algorithm, bytes, hex) => {
    expect(Buffer.from(checksumOf(algorithm, bytes)).toString("hex")).toBe(hex);
    expect(checksumOf(algorithm, bytes)).toHaveLength(digestBytes[algorithm]);
  });
});

const algorithms: readonly ChecksumAlgorithm[] = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "MD5"];
test.each(algorithms)("%s does not depend on how the bytes are cut", (algorithm) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
      const running = startChecksum(algorithm);
      for (const piece of pieces) running.update(piece);
      expect(running.digest()).toEqual(checksumOf(algorithm, new Uint8Array(Buffer.concat(pieces))));
    }),
    { numRuns: 60 },
  );
});

test("the CRCs of two pieces combine to the CRC of both", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
      const both = new Uint8Array(Buffer.concat([a, b]));
      expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(crc32(both));
      expect(combineCrc32c(crc32c(a), crc32c(b), b.length)).toBe(crc32c(both));
      expect(combineCrc64nvme(crc64nvme(a), crc64nvme(b), b.length)).toBe(crc64nvme(both));
    }),
  );
});

test("pieces of gigabytes combine as if each byte had been read", () => {
  let [crc, bytes] = [crc32c(new Uint8Array(1024)), 1024];
  while (bytes < 2 ** 22) {
    crc = combineCrc32c(crc, crc, bytes);
    bytes *= 2;
  }
  expect(crc).toBe(crc32c(new Uint8Array(2 ** 22)));
  // However five gigabytes are cut, they move the first piece by the same power.
  const moved = (sizes: readonly number[]) => sizes.reduce((sum, size) => combineCrc64nvme(sum, 0n, size), 12345n);
  expect(moved([5 * 2 ** 30])).toBe(moved([2 ** 30, 2 ** 32]));
  expect(moved([5 * 2 ** 30])).not.toBe(moved([5 * 2 ** 30 + 1]));
  expect(() => combineCrc32c(1, 1, -1)).toThrow(RangeError);
});
