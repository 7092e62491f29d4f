/** What the attempt that was done has written: told with its end, so that nobody sees the outputs of another. */
import { shownValue } from "../../../error/index.ts";
import { type Bound, cleanText } from "../bound.ts";
import { cursorOf, placeOf } from "../cursor.ts";
import { checkCount, mostOutputs } from "../names.ts";
import type { OutputRecord } from "../records.ts";
import type { Page, PageOptions } from "../run-store.ts";
import type { TaskRow } from "./rows.ts";

type NewOutput = Omit<OutputRecord, "policyId">;

export async function writeOutputs(sql: Bound, task: TaskRow, outputs: readonly NewOutput[]): Promise<void> {
  checkCount("The number of outputs", outputs.length, 0, mostOutputs);
  // before the first attempt there were none
  if (task.attempts > 1)
    await sql.query("DELETE FROM entrepot_runs.outputs WHERE run_id = $1 AND policy_id = $2", [
      task.run_id,
      task.policy_id,
    ]);
  if (outputs.length === 0) return;
  const rows = outputs.map(({ path, uri, sizeBytes, etag }) => {
    if (typeof path !== "string" || path === "")
      throw new TypeError(`The path of an output is text, not ${shownValue(path)}`);
    return { path: cleanText(path), uri: cleanText(uri), size_bytes: sizeBytes, etag: cleanText(etag) };
  });
  await sql.query(
    `INSERT INTO entrepot_runs.outputs (run_id, policy_id, path, uri, size_bytes, etag)
    SELECT DISTINCT ON (o.path) $1, $2, o.path, o.uri, o.size_bytes, o.etag
    FROM jsonb_to_recordset($3::jsonb) AS o (path text, uri text, size_bytes double precision, etag text)`,
    [task.run_id, task.policy_id, JSON.stringify(rows)],
  );
}

interface OutputRow {
  readonly policy_id: string;
  readonly path: string;
  readonly uri: string;
  readonly size_bytes: number;
  readonly etag: string;
}

export async function readOutputs(
  sql: Bound,
  runId: string,
  policyId: string | undefined,
): Promise<readonly OutputRecord[]> {
  const rows = await sql.query<OutputRow>(
    `SELECT o.policy_id, o.path, o.uri, o.size_bytes, o.etag FROM entrepot_runs.outputs o
    JOIN entrepot_runs.policies p ON p.run_id = o.run_id AND p.id = o.policy_id
    WHERE o.run_id = $1 AND ($2::text IS NULL OR o.policy_id = $2) ORDER BY p.position, o.path`,
    [runId, policyId ?? null],
  );
  return rows.map(outputOf);
}

export async function readOutputPage(
  sql: Bound,
  runId: string,
  { policyId, after, limit = 100 }: PageOptions = {},
): Promise<Page<OutputRecord>> {
  checkCount("limit", limit, 1, 1_000);
  const [position, path = ""] = after === undefined ? [-1] : placeOf(after, 1);
  const rows = await sql.query<OutputRow & { readonly position: number }>(
    `SELECT o.policy_id, o.path, o.uri, o.size_bytes, o.etag, p.position FROM entrepot_runs.outputs o
    JOIN entrepot_runs.policies p ON p.run_id = o.run_id AND p.id = o.policy_id
    WHERE o.run_id = $1 AND ($2::text IS NULL OR o.policy_id = $2)
      AND (p.position > $3 OR (p.position = $3 AND o.path > $4))
    ORDER BY p.position, o.path LIMIT $5`,
    // one more says whether there is a next page
    [runId, policyId ?? null, position, path, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(outputOf),
    next: rows.length > limit && last !== undefined ? cursorOf([last.position, last.path]) : undefined,
  };
}

function outputOf({ policy_id, path, uri, size_bytes, etag }: OutputRow): OutputRecord {
  return { policyId: policy_id, uri, path, sizeBytes: size_bytes, etag };
}
