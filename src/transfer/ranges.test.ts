import { expect, test } from "vitest";
import { mergedRanges, missingRanges, type Range, RunWatch } from "./ranges.ts";

const mebibyte = 1024 ** 2;

test.each<[readonly Range[], number, readonly Range[]]>([
  [[], 10, [[0, 10]]],
  [[[0, 10]], 10, []],
  [
    [[4, 6]],
    10,
    [
      [0, 4],
      [6, 10],
    ],
  ],
  [
    [
      [6, 8],
      [0, 2],
      [1, 3],
    ],
    10,
    [
      [3, 6],
      [8, 10],
    ],
  ],
  [[[0, 11]], 10, [[0, 10]]],
  [
    [
      [5, 5],
      [7, 6],
    ],
    10,
    [[0, 10]],
  ],
  [[], 0, []],
])("of %j in %i bytes %j are missing", (got, sizeBytes, missing) => {
  expect(missingRanges(got, sizeBytes)).toEqual(missing);
});

test("every byte is either there or missing", () => {
  for (let seed = 1; seed < 200; seed += 1) {
    const got: Range[] = [3, 5, 7].map((step, index) => {
      const start = (seed * step * 7) % 90;
      return [start, Math.min(100, start + ((seed * (index + 1)) % 30))];
    });
    const bytes = Array.from({ length: 100 }, (_, at) => got.some(([start, end]) => start <= at && at < end));
    const missing = missingRanges(got, 100);
    const found = Array.from({ length: 100 }, (_, at) => !missing.some(([start, end]) => start <= at && at < end));
    expect(found).toEqual(bytes);
    const merged = mergedRanges(got, 100);
    for (const [index, [start]] of merged.slice(1).entries()) expect(start).toBeGreaterThan(merged[index]?.[1] ?? 100);
  }
});

test("stretches are told of when a mebibyte of them is there, each byte once, whatever arrives beside", () => {
  const told: Range[] = [];
  const watch = new RunWatch((start, end) => told.push([start, end]));
  for (let at = 0; at < mebibyte; at += 65_536)
    for (const start of [0, 8 * mebibyte]) watch.add(start + at, start + at + 65_536);
  expect(told).toEqual([
    [0, mebibyte],
    [8 * mebibyte, 9 * mebibyte],
  ]);
  watch.add(mebibyte, mebibyte + 5);
  watch.end();
  watch.end();
  expect(told.slice(2)).toEqual([[mebibyte, mebibyte + 5]]);
});
