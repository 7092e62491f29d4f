/** What is asked for of a range of which some is here. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { resolveRange } from "../../store/index.ts";
import { pieceBlockBytes as block } from "./piece.ts";
import { planRange, wholeBlocks } from "./plan.ts";

const blocks = 12;
const size = blocks * block - 1000;
const spans = fc.array(fc.record({ first: fc.nat(blocks - 1), count: fc.integer({ min: 1, max: 4 }) }));
const places = fc.tuple(fc.nat(size), fc.nat(size)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

test("what is asked for begins at the first block that is missing and ends with the last", () => {
  fc.assert(
    fc.property(places, spans, (range, here) => {
      const has = (at: number) => here.some(({ first, count }) => at >= first * block && at < (first + count) * block);
      const wanted = Array.from({ length: blocks }, (_, index) => index)
        .map((index) => ({
          start: Math.max(range.start, index * block),
          end: Math.min(range.end, (index + 1) * block),
        }))
        .filter(({ start, end }) => start < end && !has(start));
      const { missing, missingBytes } = planRange(range, size, here);
      expect(missingBytes).toBe(wanted.reduce((sum, { start, end }) => sum + end - start, 0));
      const first = wanted[0];
      const last = wanted.at(-1);
      expect(missing).toEqual(
        first &&
          last && {
            start: first.start - (first.start % block),
            end: Math.min(Math.ceil(last.end / block) * block, size),
          },
      );
    }),
  );
});

test("the request for whole blocks holds the range, and at most a block more on either side", () => {
  const ranges = fc.oneof(
    places,
    fc.nat(size).map((start) => ({ start })),
    fc.integer({ min: 1, max: 2 * size }).map((suffix) => ({ suffix })),
  );
  fc.assert(
    fc.property(ranges, fc.boolean(), (range, isKnown) => {
      const inner = resolveRange(range, size, "");
      const outer = resolveRange(wholeBlocks(range, isKnown ? size : undefined), size, "");
      expect(outer.start).toBeLessThanOrEqual(inner.start);
      expect(outer.end).toBeGreaterThanOrEqual(inner.end);
      expect(inner.start - outer.start).toBeLessThan(block);
      expect(outer.end - inner.end).toBeLessThan(block);
      if (isKnown || !("suffix" in range)) expect(outer.start % block).toBe(0);
    }),
  );
});

test("the last 8 bytes of who knows how many are asked for with the block before the end", () => {
  expect(wholeBlocks({ suffix: 8 }, undefined)).toEqual({ suffix: block });
  expect(wholeBlocks({ suffix: 8 }, size)).toEqual({ suffix: block - 1000 });
});

test("a range without end stays a range that a request can say", () => {
  const { end = 0 } = wholeBlocks({ start: 0, end: Number.MAX_SAFE_INTEGER }, undefined);
  expect(Number.isSafeInteger(end)).toBe(true);
});
