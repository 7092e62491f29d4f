/**
 * How old something is for a limit that acts by itself, when the clock may be wrong: no jump of it makes everything vanish. Pure.
 */
import { earliestMs } from "../scan.ts";

/** Limits that go by time are looked at so often, milliseconds. */
export const lookEveryMs = 3_600_000;

/**
 * The time from which the age for a limit of `limitMs` counts. Since the look before, the clock is believed to have gone on by
 * half the limit at most (two looks at least); what it says more counts from the next look on. Before the first look it is believed.
 */
export function countedFrom(nowMs: number, lookedMs: number | undefined, limitMs: number): number {
  if (lookedMs === undefined || nowMs < lookedMs) return nowMs;
  return lookedMs + Math.min(nowMs - lookedMs, Math.max(2 * lookEveryMs, limitMs / 2));
}

/** Whether `timeMs` is longer ago than `limitMs`. The future counts as now, and a clock before 2020 knows no ages. */
export function isOlder(timeMs: number, fromMs: number, limitMs: number | undefined): boolean {
  return limitMs !== undefined && fromMs >= earliestMs && fromMs - timeMs > limitMs;
}

/** Whether it is time for another look. A clock that went back makes it so. */
export function isLookDue(nowMs: number, lookedMs: number | undefined): boolean {
  return lookedMs === undefined || nowMs < lookedMs || nowMs - lookedMs >= lookEveryMs;
}
