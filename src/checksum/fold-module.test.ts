import { describe, expect, test } from "vitest";
import { catalogue } from "./bitwise.fixture.ts";
import { distances32c } from "./crc32c.ts";
import { distances64nvme } from "./crc64nvme.ts";
import { foldModule, layout, leastBytes, windowBytes } from "./fold-module.ts";

describe.each([
  ["CRC32C", distances32c],
  ["CRC64NVME", distances64nvme],
] as const)("%s", (name, distances) => {
  test("a byte has the effect that its copies have together: the powers x^(-8d) add up to 1", () => {
    const { bits, polynomial } = catalogue[name];
    const one = 1n << (bits - 1n);
    const timesX8 = (power: bigint) => {
      let moved = power;
      for (let bit = 0; bit < 8; bit += 1) moved = (moved >> 1n) ^ (polynomial * (moved & 1n));
      return moved;
    };
    // Times x^(8·reach), so that no power is negative.
    const reach = Math.max(...distances);
    const powers = [one];
    for (let n = 0; n < reach; n += 1) powers.push(timesX8(powers[n]!));
    expect(distances.map((d) => powers[reach - d]!).reduce((sum, power) => sum ^ power)).toBe(powers[reach]);
  });

  test("the copies fall behind the vector and inside what the memory keeps for them", () => {
    const { register, slices, tail, window, pages } = layout;
    for (const d of distances) expect(d).toBeGreaterThanOrEqual(16);
    expect(Math.max(...distances)).toBeLessThanOrEqual(4096);
    expect(register).toBe(slices + 8 * 256 * 8);
    expect(tail).toBeGreaterThanOrEqual(register + 8);
    // What is left over is less than the least piece and one vector more; before the window lie 4 KiB of zeros.
    expect(tail + leastBytes(distances) + 16).toBeLessThanOrEqual(window - 4096);
    expect(window + windowBytes + 16).toBeLessThanOrEqual(pages * 65_536);
  });

  test("the module is small", () => {
    expect(foldModule(distances).length).toBeLessThan(700);
  });
});
