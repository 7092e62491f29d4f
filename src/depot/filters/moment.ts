/** Moments as people say them: so long ago, or a date. */
import { durationMs } from "../units.ts";
import type { Moment } from "./filter-options.ts";

const date = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since 1970. A date without a time is its beginning, one without a zone is UTC. RangeError for what is none. */
export function momentMs(moment: Moment, nowMs: number): number {
  if (moment instanceof Date) return checked(moment.getTime(), "an invalid Date");
  const text = String(moment);
  if (!date.test(text)) return nowMs - ago(moment as 0);
  const zoned = /[T ]/.test(text) && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text;
  return checked(Date.parse(zoned.replace(" ", "T")), JSON.stringify(text));
}

/** Checks text from a flag, e.g. `parseMoment("7d")`; RangeError when it is none. */
export function parseMoment(text: string): Moment {
  const trimmed = text.trim();
  momentMs((trimmed === "0" ? 0 : trimmed) as Moment, 0);
  return (trimmed === "0" ? 0 : trimmed) as Moment;
}

function ago(duration: 0): number {
  try {
    return durationMs(duration);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `not a moment: ${JSON.stringify(duration)}; write how long ago, e.g. "7d" or "12h", or a date such as "2024-01-31"`,
    );
  }
}

function checked(ms: number, shown: string): number {
  if (Number.isFinite(ms)) return ms;
  throw new RangeError(`not a moment: ${shown}; write a date such as "2024-01-31" or "2024-01-31T12:00:00Z"`);
}
