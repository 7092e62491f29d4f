/** Digests by block. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { noise } from "../../tests/cache-bench.ts";
import { blockBytes, DigestStream, isBlock, smallBytes } from "./blocks.ts";

test("however the bytes are cut, the digest is the same", () => {
  const bytes = noise(3 * smallBytes + 17);
  const size = blockBytes(bytes.byteLength);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.byteLength), { maxLength: 8 }), (cuts) => {
      const digest = new DigestStream(bytes.byteLength);
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.byteLength];
      for (let index = 1; index < places.length; index += 1)
        digest.update(bytes.subarray(places[index - 1], places[index]));
      const { sha256, blocks = "" } = digest.finish() ?? {};
      expect(sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
      expect(blocks).toHaveLength(4 * 8);
      for (let block = 0; block < 4; block += 1) {
        const piece = bytes.subarray(block * size, (block + 1) * size);
        expect(blocks.slice(block * 8, block * 8 + 8)).toBe(crc32(piece).toString(16).padStart(8, "0"));
        expect(isBlock(blocks, block, piece)).toBe(true);
        expect(isBlock(blocks, (block + 1) % 4, piece)).toBe(false);
      }
    }),
    { numRuns: 30 },
  );
});

test("pieces of any place make the same blocks, and one that is missing makes none", () => {
  const bytes = noise(3 * smallBytes + 17);
  const inOrder = new DigestStream(bytes.byteLength);
  inOrder.update(bytes);
  const blocks = inOrder.finish()?.blocks;
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.byteLength), { maxLength: 12 }), fc.infiniteStream(fc.nat()), (cuts, order) => {
      const places = [...new Set([0, ...cuts.sort((a, b) => a - b), bytes.byteLength])];
      const pieces = places.slice(1).map((end, index) => [places[index] ?? 0, end] as const);
      const shuffled = pieces
        .map((piece) => [order.next().value, piece] as const)
        .sort(([a], [b]) => Number(a) - Number(b));
      const [digest, missing] = [new DigestStream(bytes.byteLength), new DigestStream(bytes.byteLength)];
      for (const [, [start, end]] of shuffled) digest.updateAt(start, bytes.subarray(start, end));
      for (const [, [start, end]] of shuffled.slice(1)) missing.updateAt(start, bytes.subarray(start, end));
      expect(digest.finish()).toEqual({ sha256: undefined, blocks });
      expect(missing.finish()).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});

test("an object whose size is not known in advance has the digest of one whose size is", () => {
  for (const size of [0, 1, smallBytes, 3 * smallBytes + 17]) {
    const bytes = noise(size);
    const known = new DigestStream(size);
    const unknown = new DigestStream(undefined);
    for (const digest of [known, unknown]) digest.update(bytes);
    expect(unknown.finish()).toEqual(known.finish());
  }
});

test("nothing has no block", () => {
  expect(new DigestStream(0).finish()).toEqual({ sha256: createHash("sha256").digest("hex"), blocks: "" });
  expect(isBlock("", 0, new Uint8Array(0))).toBe(false);
});

test("a record of 4 GiB stays small, and a block of anything fits in memory", () => {
  expect((4 * 2 ** 30) / blockBytes(4 * 2 ** 30)).toBe(16_384);
  expect(blockBytes(2 ** 43)).toBe(16 * 2 ** 20);
});
