/** The few ways in which tasks, attempts and runs are changed; each within a transaction that holds the lock of the run. */
import { type Bound, cleanText } from "../bound.ts";
import { addEvents } from "../events.ts";
import type { AttemptState, RunState, RunTaskState } from "../records.ts";
import { countsOf } from "../run-rows.ts";
import { type Happening, isEnded, nextState, runStateOf } from "./machine.ts";
import type { AttemptRow, TaskRow } from "./rows.ts";

/** The longest reason that is kept, characters. */
const longestReason = 10_000;

export interface TaskChange {
  readonly happening: Happening;
  readonly nowMs: number;
  readonly reason?: string | undefined;
  /** Of attempts that count against its retries; default: as it was. */
  readonly failures?: number | undefined;
}

/** Gives the task as it is then; `undefined`, and nothing is written, when this cannot happen to it. */
export async function changeTask(sql: Bound, task: TaskRow, change: TaskChange): Promise<TaskRow | undefined> {
  const { happening, nowMs, failures = task.failures } = change;
  const state = nextState(task.state, happening);
  if (state === undefined) return undefined;
  const reason = change.reason === undefined ? null : cleanText(change.reason).slice(0, longestReason);
  const attempts = task.attempts + (happening === "begin" ? 1 : 0);
  const rows = await sql.query<TaskRow>(
    `UPDATE entrepot_runs.tasks SET state = $3, reason = $4, attempts = $5, failures = $6,
      fraction = CASE WHEN $7::boolean THEN NULL ELSE fraction END,
      message = CASE WHEN $7::boolean THEN NULL ELSE message END,
      progress_ms = CASE WHEN $7::boolean THEN NULL ELSE progress_ms END,
      started_ms = CASE WHEN $7::boolean THEN COALESCE(started_ms, $8::float8) ELSE started_ms END,
      ended_ms = CASE WHEN $9::boolean THEN $8::float8 END
    WHERE id = $1 AND state = $2 RETURNING *`,
    [task.id, task.state, state, reason, attempts, failures, happening === "begin", nowMs, isEnded(state)],
  );
  return rows[0];
}

export interface AttemptEnd {
  readonly state: Exclude<AttemptState, "running">;
  readonly nowMs: number;
  readonly error?: string | undefined;
  readonly exitCode?: number | undefined;
}

/** False, and nothing is written, when it is over already. */
export async function endAttempt(
  sql: Bound,
  { task_id, number }: Pick<AttemptRow, "task_id" | "number">,
  { state, nowMs, error, exitCode }: AttemptEnd,
): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE entrepot_runs.attempts SET state = $3, ended_ms = $4, error = $5, exit_code = $6
    WHERE task_id = $1 AND number = $2 AND state = 'running' RETURNING number`,
    [
      task_id,
      number,
      state,
      nowMs,
      error === undefined ? null : cleanText(error).slice(0, longestReason),
      exitCode ?? null,
    ],
  );
  return rows.length > 0;
}

/** Ends the run when nothing of it can happen any more, or lets it go on when something can again. Gives its state. */
export async function settleRun(
  sql: Bound,
  { id, state }: { readonly id: string; readonly state: RunState },
  nowMs: number,
): Promise<RunState> {
  if (state === "created" || (state === "running" && (await isOpen(sql, id)))) return state;
  const rows = await sql.query<{ readonly state: RunTaskState; readonly count: number }>(
    "SELECT state, count(*)::int AS count FROM entrepot_runs.tasks WHERE run_id = $1 GROUP BY state",
    [id],
  );
  const next = runStateOf(countsOf(rows));
  if (next === state) return state;
  await sql.query(
    "UPDATE entrepot_runs.runs SET state = $2, ended_ms = CASE WHEN $3::boolean THEN $4::float8 END WHERE id = $1",
    [id, next, next !== "running", nowMs],
  );
  if (next !== "running") await addEvents(sql, id, nowMs, [{ type: "ended", text: next }]);
  return next;
}

/** By an index, since it is asked with each end of a task. */
async function isOpen(sql: Bound, runId: string): Promise<boolean> {
  const rows = await sql.query<{ readonly is_open: boolean }>(
    `SELECT EXISTS (
      SELECT FROM entrepot_runs.tasks WHERE run_id = $1 AND state IN ('waiting', 'ready', 'running')
    ) AS is_open`,
    [runId],
  );
  return rows[0]?.is_open === true;
}

/** What waited for the baseline, once that has ended: it may start, or never can. */
export async function settleDependents(sql: Bound, baseline: TaskRow, nowMs: number): Promise<readonly TaskRow[]> {
  if (!baseline.is_baseline || !isEnded(baseline.state)) return [];
  const happening = baseline.state === "done" ? "unblock" : "cancel";
  const reason = happening === "unblock" ? undefined : notRun(baseline);
  const state = nextState("waiting", happening) ?? "waiting";
  const changed = await sql.query<TaskRow>(
    `UPDATE entrepot_runs.tasks SET state = $2, reason = $3, ended_ms = CASE WHEN $4::boolean THEN $5::float8 END
    WHERE run_id = $1 AND state = 'waiting' RETURNING *`,
    [baseline.run_id, state, reason ?? null, isEnded(state), nowMs],
  );
  if (reason !== undefined)
    await addEvents(
      sql,
      baseline.run_id,
      nowMs,
      changed.map((task) => ({ type: "cancelled", policyId: task.policy_id, attempt: task.attempts, text: reason })),
    );
  return changed;
}

function notRun({ policy_id, state, reason }: TaskRow): string {
  const how = state === "failed" ? "failed" : "was cancelled";
  const which = policy_id === "baseline" ? "" : ` ${policy_id}`;
  const why = reason === null || reason === state ? "" : `: ${reason}`;
  return cleanText(`not run, because the baseline${which} ${how}${why}`).slice(0, longestReason);
}
