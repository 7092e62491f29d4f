/** Attempts that end without a result and are nobody's fault: they cost the task none of its retries. */
import type { Sql } from "../database/database.ts";
import type { JobAttempt } from "../peers.ts";
import { schema, takeOversColumn } from "./status-rows.ts";

/** Of a task whose worker fell silent. */
export const silentReason = "its worker died or was cut off";

export interface SilentOptions {
  readonly name: string;
  /** Who said nothing for so long is dead, seconds. */
  readonly silentSeconds: number;
  /** A task that was taken over so often fails: it may be what ends its workers. */
  readonly mostTakeOvers: number;
}

/** The time of the database. */
export async function databaseTime(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ readonly at: string }>(`SELECT ${schema}.job_now()::text AS at`);
  return row?.at ?? "-infinity";
}

/**
 * Gives to other workers what silent ones ran; the ids. Silent they were at `at`, a time of the database before this was asked: a statement
 * that lies there while all stands still must not find them so when it goes on.
 */
export async function takeOver(
  sql: Sql,
  { name, silentSeconds, mostTakeOvers }: SilentOptions,
  at: string,
): Promise<readonly string[]> {
  const isLast = `${takeOversColumn} >= $3::int`;
  const rows = await sql.query<{ readonly id: string }>(
    `UPDATE ${schema}.job
    SET state = CASE WHEN ${isLast} THEN 'failed' ELSE 'retry' END::${schema}.job_state,
      retry_limit = CASE WHEN ${isLast} THEN retry_limit ELSE retry_limit + 1 END,
      completed_on = CASE WHEN ${isLast} THEN ${schema}.job_now() END,
      source_retry_count = ${takeOversColumn} + 1,
      start_after = ${schema}.job_now(),
      output = jsonb_build_object('value', jsonb_build_object('reason', $4::text))
    WHERE name = $1 AND state = 'active' AND heartbeat_on + $2::float8 * interval '1 second' < $5::timestamptz
    RETURNING id`,
    [name, silentSeconds, mostTakeOvers, silentReason, at],
  );
  return rows.map(({ id }) => id);
}

/** Gives back what a worker does not finish; nothing where the attempt is not its own any more. */
export async function giveBack(sql: Sql, name: string, { id, retryCount }: JobAttempt, reason: string): Promise<void> {
  await sql.query(
    `UPDATE ${schema}.job
    SET state = 'retry', retry_limit = retry_limit + 1, start_after = ${schema}.job_now(),
      output = jsonb_build_object('value', jsonb_build_object('reason', $4::text))
    WHERE name = $1 AND id = $2 AND retry_count = $3 AND state = 'active'`,
    [name, id, retryCount, reason],
  );
}
