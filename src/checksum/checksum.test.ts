import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { bitwiseCrc, type CrcName, catalogue, noise } from "./bitwise.fixture.ts";
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

const crcs = Object.keys(catalogue) as CrcName[];
const combine: Readonly<Record<CrcName, (first: bigint, second: bigint, secondBytes: number) => bigint>> = {
  CRC32: (first, second, bytes) => BigInt(combineCrc32(Number(first), Number(second), bytes)),
  CRC32C: (first, second, bytes) => BigInt(combineCrc32c(Number(first), Number(second), bytes)),
  CRC64NVME: combineCrc64nvme,
};
const asNumber = (digest: Uint8Array) => BigInt(`0x${Buffer.from(digest).toString("hex")}`);
const crcOf = (name: CrcName, bytes: Uint8Array) => asNumber(checksumOf(name, bytes));

describe.each(crcs)("%s", (name) => {
  // From here on long pieces go through WebAssembly.
  beforeAll(() => void checksumOf(name, new Uint8Array(2 ** 20)));

  test("its check value is the catalogue's", () => {
    expect(crcOf(name, check)).toBe(catalogue[name].check);
    expect(bitwiseCrc(name, check)).toBe(catalogue[name].check);
  });

  test("each length from 0 to 300, at each alignment, is as bit by bit", () => {
    const bytes = noise(320);
    for (let length = 0; length <= 300; length += 1) {
      const piece = bytes.subarray(length % 16, (length % 16) + length);
      expect(crcOf(name, piece), `${length} bytes`).toBe(bitwiseCrc(name, piece));
    }
  });

  test("any bytes, anywhere in a buffer and cut anyhow, are as bit by bit", () => {
    const cuts = fc.array(fc.nat(300), { maxLength: 5 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(15), cuts, (bytes, offset, at) => {
        const shifted = new Uint8Array(offset + bytes.length);
        shifted.set(bytes, offset);
        const running = startChecksum(name);
        let from = offset;
        for (const to of [...at.map((cut) => offset + cut), shifted.length].sort((a, b) => a - b)) {
          running.update(shifted.subarray(from, to));
          from = Math.min(to, shifted.length);
        }
        expect(asNumber(running.digest())).toBe(bitwiseCrc(name, bytes));
      }),
    );
  });

  test("many at once, in pieces long and short, do not disturb one another", () => {
    const bytes = noise(300_000);
    const pieceOf = fc.tuple(fc.nat(7), fc.oneof(fc.nat(40), fc.nat(3000), fc.nat(150_000)));
    fc.assert(
      fc.property(fc.array(pieceOf, { maxLength: 40 }), (pieces) => {
        const running = Array.from({ length: 8 }, () => ({ sum: startChecksum(name), bytes: 0 }));
        for (const [which, length] of pieces) {
          const one = running[which]!;
          one.sum.update(bytes.subarray(one.bytes, one.bytes + length));
          one.bytes = Math.min(one.bytes + length, bytes.length);
        }
        for (const one of running) expect(asNumber(one.sum.digest())).toBe(inSmallPieces(one.bytes));
      }),
      { numRuns: 20 },
    );

    // 200 bytes at a time, of which JavaScript takes each.
    function inSmallPieces(length: number): bigint {
      const sum = startChecksum(name);
      for (let at = 0; at < length; at += 200) sum.update(bytes.subarray(at, Math.min(at + 200, length)));
      return asNumber(sum.digest());
    }
  });

  test("two pieces combine to the CRC of both", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
        const both = new Uint8Array(Buffer.concat([a, b]));
        expect(combine[name](crcOf(name, a), crcOf(name, b), b.length)).toBe(bitwiseCrc(name, both));
      }),
    );
  });

  const anyCrc = fc.bigInt({ min: 0n, max: (1n << catalogue[name].bits) - 1n });
  const anyLength = fc.integer({ min: 0, max: 2 ** 52 - 1 });

  test("nothing, before or after, changes nothing", () => {
    fc.assert(
      fc.property(anyCrc, anyLength, (crc, length) => {
        expect(combine[name](crc, 0n, 0)).toBe(crc);
        expect(combine[name](0n, crc, length)).toBe(crc);
      }),
    );
  });

  test("three pieces of any lengths combine alike from the left and from the right", () => {
    fc.assert(
      fc.property(anyCrc, anyCrc, anyCrc, anyLength, anyLength, (a, b, c, bytesOfB, bytesOfC) => {
        const fromLeft = combine[name](combine[name](a, b, bytesOfB), c, bytesOfC);
        const fromRight = combine[name](a, combine[name](b, c, bytesOfC), bytesOfB + bytesOfC);
        expect(fromLeft).toBe(fromRight);
      }),
    );
  });

  test("pieces of gigabytes combine as if each byte had been read", () => {
    let [crc, bytes] = [crcOf(name, new Uint8Array(1024)), 1024];
    while (bytes < 2 ** 22) {
      crc = combine[name](crc, crc, bytes);
      bytes *= 2;
    }
    expect(crc).toBe(crcOf(name, new Uint8Array(2 ** 22)));
    // However five gigabytes are cut, they move the first piece by the same power.
    const moved = (sizes: readonly number[]) => sizes.reduce((sum, size) => combine[name](sum, 0n, size), 12345n);
    expect(moved([5 * 2 ** 30])).toBe(moved([2 ** 30, 2 ** 32]));
    expect(moved([5 * 2 ** 30])).not.toBe(moved([5 * 2 ** 30 + 1]));
    expect(moved([2 ** 53 - 1])).toBe(moved([2 ** 52, 2 ** 52 - 1]));
  });

  test.each([-1, 1.5, 2 ** 53, Number.NaN])("%s is no length", (length) => {
    expect(() => combine[name](1n, 1n, length)).toThrow(RangeError);
  });
});

test("a CRC goes on from the one before it", () => {
  const bytes = noise(10_000);
  const [a, b] = [bytes.subarray(0, 3001), bytes.subarray(3001)];
  expect(crc32(b, crc32(a))).toBe(crc32(bytes));
  expect(crc32c(b, crc32c(a))).toBe(crc32c(bytes));
  expect(crc64nvme(b, crc64nvme(a))).toBe(crc64nvme(bytes));
});
