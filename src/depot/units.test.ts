import { describe, expect, test } from "vitest";
import { durationMs, parseByteSize, parseDuration } from "./units.ts";

describe("durations", () => {
  test.each([
    ["250ms", 250],
    ["30s", 30_000],
    ["1.5h", 5_400_000],
    ["30d", 2_592_000_000],
    ["0", 0],
  ])("%s is %d ms", (text, ms) => expect(durationMs(parseDuration(text))).toBe(ms));

  test.each(["3600", "1 h", "h", "-1s", "1w", "", "1e3s", "Infinitys"])("%j is refused with the way out", (text) => {
    expect(() => parseDuration(text)).toThrow(/write a number and a unit/);
  });

  test("a bare number is refused: S3 counts seconds and Node milliseconds", () => {
    expect(() => durationMs(3600 as never)).toThrow(RangeError);
  });
});

describe("sizes", () => {
  test.each([
    ["200GB", 200_000_000_000],
    ["96MiB", 100_663_296],
    ["1.5kB", 1_500],
    ["1KB", 1_000],
    ["1K", 1_024],
    ["1k", 1_024],
    ["1.5M", 1_572_864],
    ["2G", 2_147_483_648],
    ["1T", 1_099_511_627_776],
    ["12", 12],
    [64, 64],
  ])("%s is %d bytes", (text, bytes) => expect(parseByteSize(text)).toBe(bytes));

  test.each(["ten", "-1", "1PB", "", "9999999999TB", Number.NaN])("%j is refused", (text) => {
    expect(() => parseByteSize(text as string)).toThrow(RangeError);
  });
});
