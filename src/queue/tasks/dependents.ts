/**
 * Ends what can never run. pg-boss leaves a task whose predecessor failed `created` for ever; here it is cancelled with the reason, and
 * so is all that comes after it.
 */
import type { Sql } from "../database/database.ts";
import { schema } from "./status-rows.ts";

/** Gives the ids. One statement, so that a death in the middle leaves nothing half done. */
export async function cancelDependents(sql: Sql, name: string): Promise<readonly string[]> {
  const rows = await sql.query<{ readonly id: string }>(
    `WITH RECURSIVE doomed AS (
      SELECT c.name, c.id, p.id AS cause, p.state::text AS cause_state,
        COALESCE(p.output -> 'value' ->> 'reason', p.output -> 'value' ->> 'message', p.output ->> 'message', p.output ->> 'reason') AS why
      FROM ${schema}.job p
      JOIN ${schema}.job_dependency d ON d.parent_name = p.name AND d.parent_id = p.id
      JOIN ${schema}.job c ON c.name = d.child_name AND c.id = d.child_id
      WHERE p.name = $1 AND p.blocking AND p.state IN ('failed', 'cancelled') AND c.state = 'created' AND c.blocked
      UNION
      SELECT c.name, c.id, doomed.cause, doomed.cause_state, doomed.why
      FROM doomed
      JOIN ${schema}.job_dependency d ON d.parent_name = doomed.name AND d.parent_id = doomed.id
      JOIN ${schema}.job c ON c.name = d.child_name AND c.id = d.child_id
      WHERE c.state = 'created' AND c.blocked
    ), one AS (SELECT DISTINCT ON (name, id) * FROM doomed ORDER BY name, id, cause)
    UPDATE ${schema}.job j
    SET state = 'cancelled', completed_on = now(), output = jsonb_build_object('reason',
      'not run, because task ' || one.cause || CASE one.cause_state WHEN 'failed' THEN ' failed' ELSE ' was cancelled' END
      || COALESCE(': ' || one.why, ''))
    FROM one
    WHERE j.name = one.name AND j.id = one.id AND j.state = 'created'
    RETURNING j.id`,
    [name],
  );
  return rows.map(({ id }) => id);
}

/** Says why in what was cancelled without a reason. */
export async function giveReason(sql: Sql, name: string, ids: readonly string[], reason: string): Promise<void> {
  await sql.query(
    `UPDATE ${schema}.job SET output = jsonb_build_object('reason', $3::text)
    WHERE name = $1 AND id = ANY($2::uuid[]) AND state = 'cancelled' AND NOT COALESCE(output ? 'reason', false)`,
    [name, [...ids], reason],
  );
}
