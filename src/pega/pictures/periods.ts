/** Times put together into points of a trend: by the hour, the day, the week from Monday, the month. GMT, pure. */
import type { TrendOptions } from "./types.ts";

export type Period = NonNullable<TrendOptions["every"]>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** 1970-01-05 was the first Monday. */
const mondayMs = 4 * dayMs;

/** The begin of the period that a time lies in. */
export function beginOf(ms: number, every: Period): number {
  if (every === "snapshot") return ms;
  if (every === "month") return Date.UTC(new Date(ms).getUTCFullYear(), new Date(ms).getUTCMonth());
  if (every === "week") return Math.floor((ms - mondayMs) / (7 * dayMs)) * 7 * dayMs + mondayMs;
  const length = every === "hour" ? hourMs : dayMs;
  return Math.floor(ms / length) * length;
}

/** Days, unless that were fewer than three points of more times than that. */
export function usualPeriod(times: Iterable<number>): Period {
  const all = new Set(times);
  const days = new Set([...all].map((ms) => beginOf(ms, "day")));
  return days.size < 3 && all.size > days.size ? "snapshot" : "day";
}
