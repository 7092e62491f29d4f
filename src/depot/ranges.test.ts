import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ByteRange, type Bytes, checkRange, resolveRange } from "../store/index.ts";
import { mergeRanges } from "./ranges.ts";

const bytesOf = (length: number): Bytes => Uint8Array.from({ length }, (_, index) => index % 251);

describe("merging ranges", () => {
  test("neighbours become one request, distant ranges stay two", () => {
    const near = mergeRanges(
      [
        { start: 0, end: 64 },
        { start: 4_096, end: 8_192 },
      ],
      undefined,
    );
    expect(near.fetches).toEqual([{ start: 0, end: 8_192 }]);
    const far = mergeRanges(
      [
        { start: 0, end: 64 },
        { start: 1_000_000, end: 1_000_010 },
      ],
      undefined,
    );
    expect(far.fetches).toHaveLength(2);
  });

  test("a piece that starts beyond the object is invalid-range even when its neighbour is not", () => {
    const plan = mergeRanges(
      [
        { start: 0, end: 10 },
        { start: 110, end: 120 },
      ],
      undefined,
    );
    expect(() => plan.cut([bytesOf(100)])).toThrow(/beyond the end/);
  });

  test("any ranges give what they give one by one, in the order in which they were asked for", () => {
    const size = 200_000;
    const object = bytesOf(size);
    const closed = fc
      .tuple(fc.nat(size), fc.nat(size))
      .map(([a, b]): ByteRange => ({ start: Math.min(a, b), end: Math.max(a, b) }));
    const open = fc.nat(size).map((start): ByteRange => ({ start }));
    const suffix = fc.nat(size * 2).map((length): ByteRange => ({ suffix: length }));
    fc.assert(
      fc.property(fc.array(fc.oneof(closed, open, suffix), { minLength: 2, maxLength: 8 }), (ranges) => {
        const plan = mergeRanges(ranges, size);
        const cut = plan.cut(plan.fetches.map((range) => slice(object, range)));
        expect(cut.map(digest)).toEqual(ranges.map((range) => digest(slice(object, range))));
      }),
    );
  });
});

const digest = (bytes: Bytes) => hash("sha256", bytes);

function slice(object: Bytes, range: ByteRange): Bytes {
  checkRange(range);
  const { start, end } = resolveRange(range, object.byteLength, "memory:///x") as { start: number; end: number };
  return object.slice(start, end);
}
