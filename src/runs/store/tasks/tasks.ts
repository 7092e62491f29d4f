/** The tasks of runs: which states they can be in, and who may change them. */
import { type Parts, persistent } from "../parts.ts";
import type { Tasks } from "../run-store.ts";
import { attemptsOf } from "./attempts.ts";
import { readOutputs } from "./outputs.ts";
import { reportsOf } from "./reports.ts";
import { attemptOf, readAttempts, readTask, readTasks, type TaskRow, taskOf } from "./rows.ts";

export function tasksOf(parts: Parts): Tasks {
  const { sql, now } = parts;
  return {
    ...attemptsOf(parts),
    ...reportsOf(parts),
    get: async (taskId) => taskOf(await readTask(sql, taskId)),
    list: async (runId) => (await readTasks(sql, runId)).map(taskOf),
    async ready({ after, limit = 1_000, runId, models } = {}) {
      const rows = await sql.query<TaskRow & { readonly model: string }>(
        `SELECT t.*, r.model FROM entrepot_runs.tasks t JOIN entrepot_runs.runs r ON r.id = t.run_id
        WHERE t.state = 'ready' AND r.service IS NULL AND ($1::text IS NULL OR t.run_id = $1) AND ($4::text IS NULL OR t.id > $4)
          AND ($2::text IS NULL OR r.model IN (SELECT jsonb_array_elements_text($2::jsonb)))
        ORDER BY t.id LIMIT $3`,
        [runId ?? null, models === undefined ? null : JSON.stringify(models), limit, after ?? null],
      );
      return rows.map((row) => ({ ...taskOf(row), model: row.model }));
    },
    async published(taskId, attempt) {
      await persistent(parts, () =>
        sql.query(
          "UPDATE entrepot_runs.tasks SET published_attempt = GREATEST(COALESCE(published_attempt, 0), $2::integer) WHERE id = $1",
          [taskId, attempt],
        ),
      );
    },
    async unpublished({ runId, models, endedMsAgo = 0, after, limit = 100 } = {}) {
      const rows = await sql.query<TaskRow>(
        `SELECT t.* FROM entrepot_runs.tasks t JOIN entrepot_runs.runs r ON r.id = t.run_id
        WHERE t.state = 'done' AND t.published_attempt IS DISTINCT FROM t.attempts AND t.ended_ms <= $1
          AND ($2::text IS NULL OR t.run_id = $2) AND ($3::text IS NULL OR t.id > $3)
          AND ($4::text IS NULL OR r.model IN (SELECT jsonb_array_elements_text($4::jsonb)))
        ORDER BY t.id LIMIT $5`,
        [now() - endedMsAgo, runId ?? null, after ?? null, models === undefined ? null : JSON.stringify(models), limit],
      );
      return rows.map(taskOf);
    },
    attempts: async (taskId) => (await readAttempts(sql, taskId)).map(attemptOf),
    outputs: (runId, policyId) => readOutputs(sql, runId, policyId),
  };
}
