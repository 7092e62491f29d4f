import { expect, test } from "vitest";
import { resolveRange } from "./byte-range.ts";

test.each<[string | undefined, number, ReturnType<typeof resolveRange>]>([
  ["bytes=0-0", 10, { start: 0, end: 1 }],
  ["bytes=2-5", 10, { start: 2, end: 6 }],
  ["bytes=2-", 10, { start: 2, end: 10 }],
  ["bytes=9-99", 10, { start: 9, end: 10 }],
  ["bytes=-3", 10, { start: 7, end: 10 }],
  ["bytes=-99", 10, { start: 0, end: 10 }],
  ["bytes=0-99999999999999999999", 10, { start: 0, end: 10 }],
  ["bytes=10-", 10, "unsatisfiable"],
  ["bytes=10-11", 10, "unsatisfiable"],
  ["bytes=-0", 10, "unsatisfiable"],
  ["bytes=0-0", 0, "unsatisfiable"],
  ["bytes=-0", 0, "unsatisfiable"],
  ["bytes=-1", 0, undefined],
  ["bytes= -1", 10, undefined],
  ["bytes=0 -1", 10, undefined],
  [undefined, 10, undefined],
  ["bytes=5-2", 10, undefined],
  ["bytes=0-1,4-5", 10, undefined],
  ["bytes=-", 10, undefined],
  ["bytes=a-b", 10, undefined],
  ["items=0-1", 10, undefined],
])("%s of %d bytes", (header, size, expected) => {
  expect(resolveRange(header, size)).toEqual(expected);
});
