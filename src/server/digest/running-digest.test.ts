import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { digestLengths, digestOf, startDigest } from "./running-digest.ts";

/** Length, XXH64, XXH3 and XXH128 of `bytesOf(length)`, as the reference implementation (xxHash 0.8) has them. */
const vectors: readonly (readonly [number, string, string, string])[] = JSON.parse(
  readFileSync(new URL("vectors.json", import.meta.url), "utf8"),
);

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + 13) & 255);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

test.each(vectors)("%d bytes have the digests of the reference implementation", (length, xxh64, xxh3, xxh128) => {
  const bytes = bytesOf(length);
  expect([
    hex(digestOf("XXHASH64", bytes)),
    hex(digestOf("XXHASH3", bytes)),
    hex(digestOf("XXHASH128", bytes)),
  ]).toEqual([xxh64, xxh3, xxh128]);
});

test.each(["XXHASH64", "XXHASH3", "XXHASH128", "SHA512", "CRC64NVME"] as const)(
  "%s is the same however its bytes arrive",
  (algorithm) => {
    for (const length of [0, 240, 241, 1088, 5000]) {
      const bytes = bytesOf(length);
      for (const size of [1, 7, 64, 239, 1024]) {
        const running = startDigest(algorithm);
        for (let at = 0; at < length; at += size) running.update(bytes.subarray(at, at + size));
        expect(hex(running.digest())).toBe(hex(digestOf(algorithm, bytes)));
      }
    }
  },
);

test("a digest is as long as is said", () => {
  for (const [algorithm, length] of Object.entries(digestLengths)) {
    expect(digestOf(algorithm as keyof typeof digestLengths, bytesOf(3)).length).toBe(length);
  }
  expect(hex(digestOf("SHA512", bytesOf(3)))).toBe(createHash("sha512").update(bytesOf(3)).digest("hex"));
});
