/** Blocks out of a stream. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { noise } from "../../../tests/cache-bench.ts";
import { pieceBlockBytes as block, mostBlocks } from "./piece.ts";
import { PieceCollector } from "./piece-collector.ts";

const size = 20 * block + 777;
const object = noise(size);

test("every whole block that came is in one piece, however the stream was cut and wherever it ended", () => {
  const cut = fc.record({
    start: fc.nat(size),
    length: fc.nat(size),
    came: fc.nat(size),
    chunk: fc.integer({ min: 1000, max: 300_000 }),
  });
  fc.assert(
    fc.property(cut, ({ start, length, came, chunk }) => {
      const range = { start, end: Math.min(size, start + length) };
      const end = Math.min(range.end, start + came);
      const pieces: { first: number; bytes: Uint8Array }[] = [];
      const collector = new PieceCollector((first, bytes) => pieces.push({ first, bytes }));
      collector.begin(range, size);
      for (let at = start; at < end; at += chunk) collector.add(object.subarray(at, Math.min(end, at + chunk)));
      collector.flush();
      let at = Math.ceil(start / block) * block;
      for (const { first, bytes } of pieces) {
        expect(first * block).toBe(at);
        expect(bytes.byteLength).toBeLessThanOrEqual(mostBlocks * block);
        expect(Buffer.compare(bytes, object.subarray(at, at + bytes.byteLength))).toBe(0);
        at += bytes.byteLength;
      }
      const whole = end === size ? size : end - (end % block);
      expect(at).toBe(Math.max(at, whole));
      expect(at === whole || pieces.length === 0).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("what comes again is taken from its beginning", () => {
  const pieces: Uint8Array[] = [];
  const collector = new PieceCollector((_, bytes) => pieces.push(bytes));
  collector.begin({ start: 0, end: block }, size);
  collector.add(noise(1000, 2));
  collector.begin({ start: 0, end: block }, size);
  collector.add(object.subarray(0, block));
  collector.flush();
  expect(pieces.map((bytes) => Buffer.compare(bytes, object.subarray(0, block)))).toEqual([0]);
});
