import { expect, test } from "vitest";
import { parseProgressLine, progressLine } from "./progress-line.ts";

test.each([
  [0, undefined, "::progress 0"],
  [0.25, "year 2030", "::progress 0.25 year 2030"],
  [1 / 3, " two\nlines ", "::progress 0.333333 two lines"],
  [1, "", "::progress 1"],
])("how far it is, is a line: %j %j", (fraction, message, line) => {
  expect(progressLine(fraction, message)).toBe(line);
  expect(parseProgressLine(line)?.fraction).toBeCloseTo(fraction, 6);
});

test.each([
  ["::progress 25% done", { fraction: 0.25, message: "done" }],
  ["::progress .5\r", { fraction: 0.5, message: "" }],
  ["::progress 2 too far", undefined],
  ["::progress x", undefined],
  [" ::progress 0.5", undefined],
  ["::progressive 0.5", undefined],
])("and is read back, or is a line like any other: %j", (line, told) => expect(parseProgressLine(line)).toEqual(told));

test.each([-0.1, 1.1, Number.NaN])("%j is no fraction", (fraction) =>
  expect(() => progressLine(fraction)).toThrow(RangeError),
);
