/** One clock for all who work on the same runs. */
import type { Sql } from "../../queue/index.ts";

/** The time by the clock of the database, so that machines whose clocks differ agree on how long a worker has been silent. */
export async function databaseClock(database: Sql, here: () => number = Date.now): Promise<() => number> {
  const before = here();
  const rows = await database.query<{ readonly ms: number }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms",
  );
  const after = here();
  const skewMs = Math.round((rows[0]?.ms ?? after) - (before + after) / 2);
  // as exactly as it can be told
  const isSame = Math.abs(skewMs) <= 50 + (after - before);
  return isSame ? here : () => here() + skewMs;
}
