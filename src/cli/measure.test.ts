import { expect, it } from "vitest";
import { formatAge, formatCount, formatSize, formatTime } from "./measure.ts";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [1449, "1.4 kB"],
  [99_949, "99.9 kB"],
  [99_951, "100 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [5_368_709_120, "5.4 GB"],
])("%i bytes are %s", (bytes, shown) => {
  expect(formatSize(bytes)).toBe(shown);
});

it.each([
  [0, "0 s"],
  [120_000, "2 min"],
  [10_800_000, "3 h"],
  [864_000_000, "10 d"],
])("%i ms are %s", (ms, shown) => {
  expect(formatAge(ms)).toBe(shown);
});

it("a time is UTC, and an unknown one is blank", () => {
  expect(formatTime(Date.UTC(2026, 10, 22, 10, 44, 7))).toBe("2026-11-22 10:44:07");
  expect(formatTime(Number.NaN)).toBe("");
});

it("one is not many", () => {
  expect([formatCount(1, "object"), formatCount(2000, "object"), formatCount(2, "copy", "copies")]).toEqual([
    "1 object",
    "2,000 objects",
    "2 copies",
  ]);
});
