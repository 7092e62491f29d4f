/** Ages when the clock jumps. */
import { expect, test } from "vitest";
import { countedFrom, isLookDue, isOlder, lookEveryMs } from "./ages.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22);

test("what is longer ago than the limit is old; the future counts as now", () => {
  expect(isOlder(now - 2 * day, now, day)).toBe(true);
  expect(isOlder(now - day, now, day)).toBe(false);
  expect(isOlder(now + 365 * day, now, 0)).toBe(false);
  expect(isOlder(0, now, undefined)).toBe(false);
});

test("a clock from before the cache knows no ages", () => {
  expect(isOlder(-day, 1_000, 0)).toBe(false);
});

test("before the first look the clock is believed, and so is a step that is not large beside the limit", () => {
  expect(countedFrom(now, undefined, day)).toBe(now);
  expect(countedFrom(now, now - 7 * day, 30 * day)).toBe(now);
  expect(countedFrom(now, now - lookEveryMs, 60_000)).toBe(now);
});

test("a jump counts as half the limit at the look that finds it, and as real at the next one", () => {
  const jumped = now + 12 * 365 * day;
  expect(countedFrom(jumped, now, 30 * day)).toBe(now + 15 * day);
  expect(isOlder(now - 14 * day, countedFrom(jumped, now, 30 * day), 30 * day)).toBe(false);
  expect(countedFrom(jumped + lookEveryMs, jumped, 30 * day)).toBe(jumped + lookEveryMs);
});

test("a clock that went back makes a look due, and nothing old", () => {
  expect(isLookDue(now - day, now)).toBe(true);
  expect(countedFrom(now - day, now, 30 * day)).toBe(now - day);
  expect(isLookDue(now + lookEveryMs - 1, now)).toBe(false);
  expect(isLookDue(now + lookEveryMs, now)).toBe(true);
  expect(isLookDue(now, undefined)).toBe(true);
});
