import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitwiseCrc, catalogue, noise } from "./bitwise.fixture.ts";
import { distances32c } from "./crc32c.ts";
import { distances64nvme } from "./crc64nvme.ts";
import { FoldEngine, type WebAssemblyLike } from "./fold-engine.ts";
import { windowBytes } from "./fold-module.ts";
import { buildSlices } from "./slices.ts";

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike };
const data = noise(3 * windowBytes + 4096);

describe.each([
  ["CRC32C", distances32c],
  ["CRC64NVME", distances64nvme],
] as const)("%s", (name, distances) => {
  const { bits, polynomial } = catalogue[name];
  const [low, high] = [Number(polynomial & 0xffffffffn) | 0, Number(polynomial >> 32n) | 0];
  const engine = new FoldEngine(distances, buildSlices(low, high), WebAssembly);
  const crc = (bytes: Uint8Array): bigint => {
    engine.update(-1, bits === 64n ? -1 : 0, bytes);
    const register = (BigInt(engine.high >>> 0) << 32n) | BigInt(engine.low >>> 0);
    return register ^ ((1n << bits) - 1n);
  };

  test("each of the lengths from the least on is as bit by bit, wherever the bytes begin", () => {
    for (let extra = 0; extra <= 40; extra += 1) {
      const piece = data.subarray(extra % 17, (extra % 17) + engine.leastBytes + extra);
      expect(crc(piece), `${piece.length} bytes`).toBe(bitwiseCrc(name, piece));
    }
  });

  test("lengths around one window and several are as bit by bit", () => {
    for (const length of [windowBytes - 1, windowBytes, windowBytes + 1, 2 * windowBytes + 1]) {
      const piece = data.subarray(7, 7 + length);
      expect(crc(piece), `${length} bytes`).toBe(bitwiseCrc(name, piece));
    }
  });

  test("what was there before does not show", () => {
    const least = engine.leastBytes;
    fc.assert(
      fc.property(fc.integer({ min: least, max: 4 * least }), fc.integer({ min: least, max: 4 * least }), (a, b) => {
        const fresh = new FoldEngine(distances, buildSlices(low, high), WebAssembly);
        const second = data.subarray(a, a + b);
        crc(data.subarray(0, a));
        engine.update(1, 2, second);
        fresh.update(1, 2, second);
        expect([engine.low, engine.high]).toEqual([fresh.low, fresh.high]);
      }),
      { numRuns: 50 },
    );
  });

  test("the piece is not changed", () => {
    const piece = noise(10_000);
    crc(piece);
    expect(piece).toEqual(noise(10_000));
  });

  test("each of a thousand flipped bits is seen", () => {
    const piece = noise(20_000);
    const right = crc(piece);
    for (let n = 0; n < 1000; n += 1) {
      const bit = (n * 15_485_863) % (8 * piece.length);
      piece[bit >> 3]! ^= 1 << (bit & 7);
      expect(crc(piece), `bit ${bit}`).not.toBe(right);
      piece[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(crc(piece)).toBe(right);
  });
});
