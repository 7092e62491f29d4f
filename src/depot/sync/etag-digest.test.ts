import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { etagDigest, likelyPartSizes, PartedMd5 } from "./etag-digest.ts";

const MiB = 1024 ** 2;
const hex = "0123456789abcdef0123456789abcdef";

test.each([
  [`"${hex}"`, { md5: hex, parts: 0 }],
  [`"${hex.toUpperCase()}-3"`, { md5: hex, parts: 3 }],
  [`"${hex}-10000"`, { md5: hex, parts: 10_000 }],
  [`"${hex}-0"`, undefined],
  [`W/"${hex}"`, undefined],
  [hex, undefined],
  ['"opaque"', undefined],
  ["", undefined],
])("the ETag %s is %j as a digest", (etag, expected) => {
  expect(etagDigest(etag)).toEqual(expected);
});

describe("the sizes of parts that an ETag leaves open", () => {
  test.each([
    [20 * MiB, 3, 8 * MiB],
    [20 * MiB, 4, 5 * MiB],
    [100 * MiB, 2, 50 * MiB],
    [17 * MiB, 2, 16 * MiB],
    [5, 1, 5],
    [80_001 * MiB, 8_889, 9 * MiB],
  ])("of %i bytes in %i parts are guessed, among them %i", (sizeBytes, parts, expected) => {
    const guesses = likelyPartSizes(sizeBytes, parts);
    expect(guesses).toContain(expected);
    expect(guesses.length).toBeLessThanOrEqual(6);
    for (const guess of guesses) expect(Math.ceil(sizeBytes / guess)).toBe(parts);
  });
  test("are none where there can be none", () => {
    expect(likelyPartSizes(3, 5)).toEqual([]);
  });
});

test("the MD5 of parts is the same however the bytes arrive", () => {
  const bytes = Uint8Array.from({ length: 25 }, (_, index) => index);
  const md5 = (piece: Uint8Array) => createHash("md5").update(piece).digest();
  const expected = md5(
    Buffer.concat([md5(bytes.subarray(0, 10)), md5(bytes.subarray(10, 20)), md5(bytes.subarray(20))]),
  );
  for (const step of [1, 3, 10, 20, 25]) {
    const running = new PartedMd5(10);
    for (let at = 0; at < bytes.length; at += step) running.update(bytes.subarray(at, at + step));
    expect(Buffer.from(running.digest()).equals(expected)).toBe(true);
  }
});
