/** The tasks of runs: which states they can be in, and who may change them. */
import type { Parts } from "../parts.ts";
import type { RunTaskState } from "../records.ts";
import { countsOf } from "../run-rows.ts";
import type { Tasks } from "../run-store.ts";
import { attemptsOf } from "./attempts.ts";
import { readOutputPage, readOutputs } from "./outputs.ts";
import { reportsOf } from "./reports.ts";
import { attemptOf, readAttempts, readTask, readTaskPage, readTasks, type TaskRow, taskOf } from "./rows.ts";

export function tasksOf(parts: Parts): Tasks {
  const { sql } = parts;
  return {
    ...attemptsOf(parts),
    ...reportsOf(parts),
    get: async (taskId) => taskOf(await readTask(sql, taskId)),
    list: async (runId) => (await readTasks(sql, runId)).map(taskOf),
    page: (runId, options) => readTaskPage(sql, runId, options),
    outputPage: (runId, options) => readOutputPage(sql, runId, options),
    async ready({ limit = 1_000, runId, models } = {}) {
      const rows = await sql.query<TaskRow & { readonly model: string }>(
        `SELECT t.*, r.model FROM entrepot_runs.tasks t JOIN entrepot_runs.runs r ON r.id = t.run_id
        WHERE t.state = 'ready' AND ($1::text IS NULL OR t.run_id = $1)
          AND ($2::text IS NULL OR r.model IN (SELECT jsonb_array_elements_text($2::jsonb)))
        ORDER BY t.id LIMIT $3`,
        [runId ?? null, models === undefined ? null : JSON.stringify(models), limit],
      );
      return rows.map((row) => ({ ...taskOf(row), model: row.model }));
    },
    attempts: async (taskId) => (await readAttempts(sql, taskId)).map(attemptOf),
    outputs: (runId, policyId) => readOutputs(sql, runId, policyId),
    async counts(runId) {
      const rows = await sql.query<{ readonly state: RunTaskState; readonly count: number }>(
        `SELECT state, count(*)::int AS count FROM entrepot_runs.tasks WHERE ($1::text IS NULL OR run_id = $1) GROUP BY state`,
        [runId ?? null],
      );
      return countsOf(rows);
    },
  };
}
