/** One clock for all who work on the same runs. */
import type { Bound } from "./bound.ts";

export interface DatabaseClock {
  /** Milliseconds since 1970, by the clock of the database as it was last compared. */
  now(): number;
  /** Compares the clocks: either may be set right, or drift, while a worker runs for months. */
  measure(): Promise<void>;
}

/** What two clocks may differ by beside the way to the database and back, milliseconds. */
const slackMs = 50;

/** The time of the database, so that machines whose clocks differ agree on how long a worker has been silent. Compares the clocks once. */
export async function databaseClock(sql: Bound, here: () => number = Date.now): Promise<DatabaseClock> {
  let skewMs = 0;
  const measure = async (): Promise<void> => {
    const before = here();
    const rows = await sql.query<{ readonly ms: number }>(
      "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms",
    );
    const after = here();
    const measuredMs = Math.round((rows[0]?.ms ?? after + skewMs) - (before + after) / 2);
    // no more exactly than it can be told; none where there may be none
    const toleranceMs = slackMs + (after - before);
    if (Math.abs(measuredMs - skewMs) > toleranceMs) skewMs = Math.abs(measuredMs) <= toleranceMs ? 0 : measuredMs;
  };
  await measure();
  return { now: () => here() + skewMs, measure };
}
