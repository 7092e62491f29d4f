/** Tasks and attempts as the tables hold them. */
import type { Bound } from "../bound.ts";
import { cursorOf, placeOf } from "../cursor.ts";
import { checkCount } from "../names.ts";
import { found } from "../parts.ts";
import type { AttemptRecord, AttemptState, RunTaskState, TaskRecord } from "../records.ts";
import type { Attempt, Page, PageOptions } from "../run-store.ts";

export interface TaskRow {
  readonly id: string;
  readonly run_id: string;
  readonly policy_id: string;
  readonly is_baseline: boolean;
  readonly state: RunTaskState;
  readonly attempts: number;
  readonly failures: number;
  readonly retries: number;
  readonly timeout_seconds: number | null;
  readonly reason: string | null;
  readonly fraction: number | null;
  readonly message: string | null;
  readonly progress_ms: number | null;
  readonly created_ms: number;
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
}

export interface AttemptRow {
  readonly task_id: string;
  readonly run_id: string;
  readonly policy_id: string;
  readonly number: number;
  readonly token: string;
  readonly state: AttemptState;
  readonly worker: string;
  readonly folder: string | null;
  readonly started_ms: number;
  readonly alive_ms: number;
  readonly ended_ms: number | null;
  readonly exit_code: number | null;
  readonly error: string | null;
  readonly lines: number;
  readonly line_bytes: number;
}

export async function readTask(sql: Bound, taskId: string): Promise<TaskRow> {
  const rows = await sql.query<TaskRow>("SELECT * FROM entrepot_runs.tasks WHERE id = $1", [taskId]);
  return found(rows, `task ${JSON.stringify(taskId)}`);
}

export async function readTasks(sql: Bound, runId: string): Promise<readonly TaskRow[]> {
  return sql.query<TaskRow>("SELECT * FROM entrepot_runs.tasks WHERE run_id = $1 ORDER BY position", [runId]);
}

export async function readTaskPage(
  sql: Bound,
  runId: string,
  { policyId, after, limit = 100 }: PageOptions = {},
): Promise<Page<TaskRecord>> {
  checkCount("limit", limit, 1, 1_000);
  const [position] = after === undefined ? [-1] : placeOf(after, 0);
  const rows = await sql.query<TaskRow & { readonly position: number }>(
    `SELECT * FROM entrepot_runs.tasks
    WHERE run_id = $1 AND position > $2 AND ($3::text IS NULL OR policy_id = $3) ORDER BY position LIMIT $4`,
    // one more says whether there is a next page
    [runId, position, policyId ?? null, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(taskOf),
    next: rows.length > limit && last !== undefined ? cursorOf([last.position]) : undefined,
  };
}

/** In their order. */
export async function readAttempts(sql: Bound, taskId: string): Promise<readonly AttemptRow[]> {
  return sql.query<AttemptRow>(
    `SELECT a.*, t.run_id, t.policy_id FROM entrepot_runs.attempts a JOIN entrepot_runs.tasks t ON t.id = a.task_id
    WHERE a.task_id = $1 ORDER BY a.number`,
    [taskId],
  );
}

export async function readAttempt(sql: Bound, token: string): Promise<AttemptRow | undefined> {
  const rows = await sql.query<AttemptRow>(
    `SELECT a.*, t.run_id, t.policy_id FROM entrepot_runs.attempts a JOIN entrepot_runs.tasks t ON t.id = a.task_id
    WHERE a.token = $1`,
    [token],
  );
  return rows[0];
}

export function taskOf(row: TaskRow): TaskRecord {
  const { fraction, message, progress_ms } = row;
  return {
    id: row.id,
    runId: row.run_id,
    policyId: row.policy_id,
    state: row.state,
    isBaseline: row.is_baseline,
    attempts: row.attempts,
    failures: row.failures,
    retries: row.retries,
    timeoutSeconds: row.timeout_seconds ?? undefined,
    reason: row.reason ?? undefined,
    progress:
      fraction === null || progress_ms === null ? undefined : { fraction, message: message ?? "", timeMs: progress_ms },
    createdMs: row.created_ms,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
  };
}

export function attemptOf(row: AttemptRow): AttemptRecord {
  return {
    taskId: row.task_id,
    runId: row.run_id,
    policyId: row.policy_id,
    number: row.number,
    state: row.state,
    worker: row.worker,
    startedMs: row.started_ms,
    aliveMs: row.alive_ms,
    endedMs: row.ended_ms ?? undefined,
    exitCode: row.exit_code ?? undefined,
    error: row.error ?? undefined,
  };
}

export function heldAttempt(row: AttemptRow): Attempt {
  return { ...attemptOf(row), token: row.token, folder: row.folder ?? String(row.number) };
}
