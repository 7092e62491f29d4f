/** Contents that no file has any more are forgotten: under one lock with those that put them, so that none goes that somebody is about to name. */
import type { Bound } from "./bound.ts";

/** A number of ours; the lock ends with the transaction. */
const lockNumber = 4_716_205_382;

/** After the lock of a run, never before it. */
export async function lockContents(sql: Bound): Promise<void> {
  await sql.query("SELECT pg_advisory_xact_lock($1)", [lockNumber]);
}

/** Their hashes, of the files of a run, or of those of one policy of it, or of one file. */
export async function contentsOf(
  sql: Bound,
  runId: string,
  policyId?: string | undefined,
  name?: string | undefined,
): Promise<readonly string[]> {
  const rows = await sql.query<{ readonly sha256: string }>(
    `SELECT DISTINCT sha256 FROM entrepot_runs.files
    WHERE run_id = $1 AND ($2::text IS NULL OR policy_id = $2) AND ($3::text IS NULL OR name = $3)`,
    [runId, policyId ?? null, name ?? null],
  );
  return rows.map(({ sha256 }) => sha256);
}

/** Those of these that no file has. Under the lock. */
export async function forgetContents(sql: Bound, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  await sql.query(
    `DELETE FROM entrepot_runs.contents c WHERE c.sha256 IN (SELECT jsonb_array_elements_text($1::jsonb))
      AND NOT EXISTS (SELECT 1 FROM entrepot_runs.files f WHERE f.sha256 = c.sha256)`,
    [JSON.stringify(hashes)],
  );
}
