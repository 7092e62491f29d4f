import { describe, expect, test } from "vitest";
import { growingPartBytes, partBytesOf, uploadLimits } from "./upload-limits.ts";

const limits = uploadLimits();
const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const TiB = 1024 ** 4;
const largest = 10_000 * 5 * GiB;

describe("an object of known size", () => {
  const sizes = [1, 16 * MiB + 1, 80_000 * MiB - 1, 80_000 * MiB, 80_000 * MiB + 1, GiB, TiB, 5 * TiB, 48 * TiB];
  test.each([...sizes, largest - 1, largest])("of %i bytes has parts that S3 takes", (size) => {
    const part = partBytesOf(size, limits, "s3://b/k");
    const count = Math.ceil(size / part);
    expect(part % MiB).toBe(0);
    expect([part >= 8 * MiB, part <= 5 * GiB, count <= 10_000]).toEqual([true, true, true]);
    // no larger than it has to be
    expect(part === 8 * MiB || Math.ceil(size / (part - MiB)) > 10_000).toBe(true);
  });
  test("has at most 48.8 TiB", () => {
    expect(largest / TiB).toBeCloseTo(48.83, 2);
    expect(() => partBytesOf(largest + 1, limits, "s3://b/k")).toThrow(/more than an object can hold/);
  });
  test.each([
    [11, 10, 10],
    [100, 10, 10],
    [101, 10, 20],
    [401, 10, 50],
  ])("of %i bytes under small limits goes in parts of %i or more: %i", (size, partBytes, expected) => {
    const small = uploadLimits({ partBytes, maxParts: 10, maxPartBytes: 50 });
    expect(partBytesOf(size, small, "s3://b/k")).toBe(expected);
  });
  test("has parts no larger than allowed, though they are no round number", () => {
    const odd = uploadLimits({ partBytes: 10, maxParts: 10, maxPartBytes: 45 });
    expect(partBytesOf(441, odd, "s3://b/k")).toBe(45);
    expect(() => partBytesOf(451, odd, "s3://b/k")).toThrow(/more than an object can hold/);
  });
});

describe("an object of unknown length", () => {
  const sizes = Array.from({ length: 10_000 }, (_, index) => growingPartBytes(index + 1, limits, "s3://b/k"));
  test("has growing parts that S3 takes, and never more than 10,000", () => {
    for (const [index, size] of sizes.entries()) {
      expect(size).toBeGreaterThanOrEqual(sizes[index - 1] ?? 8 * MiB);
      expect(size).toBeLessThanOrEqual(GiB);
    }
    expect(() => growingPartBytes(10_001, limits, "s3://b/k")).toThrow(/unknown length/);
  });
  test("stays within the buffers up to 330 GiB, and reaches more than a TiB", () => {
    const sum = (most: number) => sizes.filter((size) => size <= most).reduce((total, size) => total + size, 0);
    expect(sum(48 * MiB) / GiB).toBeCloseTo(335.9, 1);
    expect(sum(GiB) / TiB).toBeCloseTo(1.05, 2);
  });
});

test.each([
  ["partBytes", 0],
  ["maxParts", -1],
  ["parallelParts", Number.NaN],
  ["maxPartBytes", 1.5],
])("%s: %s is no count", (name, value) => {
  expect(() => uploadLimits({ [name]: value })).toThrow(RangeError);
});
