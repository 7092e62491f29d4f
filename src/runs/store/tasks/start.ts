/** Tasks of a run as a whole: made, run again, cancelled. */
import { EntrepotError } from "../../../error/index.ts";
import type { Bound } from "../bound.ts";
import { addEvents } from "../events.ts";
import { checkSegment, checkText } from "../names.ts";
import { type LockedRun, lockRun, type Parts } from "../parts.ts";
import type { TaskRecord } from "../records.ts";
import { readRun } from "../run-rows.ts";
import type { Runs } from "../run-store.ts";
import { needOrder } from "../stacking-order.ts";
import { changeTask, endAttempt, settleDependents, settleRun } from "./change.ts";
import { isEnded } from "./machine.ts";
import { readAttempts, readTasks, type TaskRow, taskOf } from "./rows.ts";

export function startingOf(parts: Parts): Pick<Runs, "start" | "retry" | "cancel"> {
  const { sql, now } = parts;
  return {
    async start(runId, { service } = {}) {
      if (service !== undefined) checkSegment("service", service);
      return sql.transaction((inside) => start(inside, parts, runId, service));
    },
    retry: (runId, policyIds) =>
      sql.transaction(async (inside) => {
        const run = await lockRun(inside, runId);
        if (run.state === "created") throw notStarted(runId);
        const changed = await again(inside, run, policyIds, now());
        if (changed.length > 0) await addEvents(inside, runId, now(), [{ type: "submitted" }]);
        await settleRun(inside, run, now());
        return changed;
      }),
    async cancel(runId, { policyIds, reason = "cancelled" } = {}) {
      checkText("reason", reason);
      return sql.transaction(async (inside) => {
        const run = await lockRun(inside, runId);
        if (run.state === "created") throw notStarted(runId);
        const changed = await cancel(inside, runId, policyIds, reason, now());
        await settleRun(inside, run, now());
        return changed;
      });
    },
  };
}

async function start(
  sql: Bound,
  { now, newId }: Parts,
  runId: string,
  service: string | undefined,
): Promise<readonly TaskRecord[]> {
  const { state } = await lockRun(sql, runId);
  if (state !== "created")
    throw new EntrepotError("precondition-failed", `run ${runId} was started already`, {
      hint: "somebody was faster: look at it; retry runs again what failed, a new run begins from new",
    });
  const run = await readRun(sql, runId);
  if (run.baseline === undefined)
    throw new EntrepotError("precondition-failed", `run ${runId} has no policy`, {
      hint: "add one with entrepot runs add-policy",
    });
  needOrder(runId, run.options, run.policies);
  const nowMs = now();
  const rows = run.policies.map((policyId, position) => {
    const isBaseline = policyId === run.baseline;
    const waits = run.baselineFirst && !isBaseline;
    return { id: newId(), policy_id: policyId, position, is_baseline: isBaseline, state: waits ? "waiting" : "ready" };
  });
  await sql.query(
    `INSERT INTO entrepot_runs.tasks (id, run_id, policy_id, position, is_baseline, state, retries, timeout_seconds, created_ms)
    SELECT t.id, $1, t.policy_id, t.position, t.is_baseline, t.state, $3, $4, $5
    FROM jsonb_to_recordset($2::jsonb) AS t (id text, policy_id text, position integer, is_baseline boolean, state text)`,
    [runId, JSON.stringify(rows), run.retries, run.timeoutSeconds ?? null, nowMs],
  );
  await sql.query("UPDATE entrepot_runs.runs SET state = 'running', started_ms = $2, service = $3 WHERE id = $1", [
    runId,
    nowMs,
    service ?? null,
  ]);
  await addEvents(sql, runId, nowMs, [{ type: "submitted" }]);
  return (await readTasks(sql, runId)).map(taskOf);
}

async function again(
  sql: Bound,
  run: LockedRun,
  policyIds: readonly string[] | undefined,
  nowMs: number,
): Promise<readonly TaskRecord[]> {
  const tasks = await readTasks(sql, run.id);
  checkPolicies(tasks, policyIds);
  const isWanted = ({ policy_id, state }: TaskRow): boolean =>
    policyIds === undefined ? state === "failed" || state === "cancelled" : policyIds.includes(policy_id);
  const wanted = tasks.filter((task) => isEnded(task.state) && isWanted(task));
  const baseline = tasks.find(({ is_baseline }) => is_baseline);
  // whoever waits for a baseline that has failed would wait for ever
  if (run.baseline_first && wanted.length > 0 && baseline !== undefined && isEnded(baseline.state))
    if (baseline.state !== "done" && !wanted.includes(baseline)) wanted.unshift(baseline);
  const waits = run.baseline_first && (baseline?.state !== "done" || wanted.includes(baseline));
  const changed: TaskRecord[] = [];
  for (const task of wanted) {
    const happening = waits && task !== baseline ? "againLater" : "again";
    const after = await changeTask(sql, task, { happening, nowMs, failures: 0 });
    if (after !== undefined) changed.push(taskOf(after));
  }
  return changed;
}

async function cancel(
  sql: Bound,
  runId: string,
  policyIds: readonly string[] | undefined,
  reason: string,
  nowMs: number,
): Promise<readonly TaskRecord[]> {
  const tasks = await readTasks(sql, runId);
  checkPolicies(tasks, policyIds);
  const changed: TaskRow[] = [];
  for (const task of tasks) {
    if (policyIds !== undefined && !policyIds.includes(task.policy_id)) continue;
    const after = await changeTask(sql, task, { happening: "cancel", nowMs, reason });
    if (after === undefined) continue;
    if (task.state === "running") {
      const newest = (await readAttempts(sql, task.id)).at(-1);
      if (newest !== undefined) await endAttempt(sql, newest, { state: "cancelled", nowMs, error: reason });
    }
    changed.push(after);
  }
  await addEvents(
    sql,
    runId,
    nowMs,
    changed.map((task) => ({ type: "cancelled", policyId: task.policy_id, attempt: task.attempts, text: reason })),
  );
  const baseline = changed.find(({ is_baseline }) => is_baseline);
  if (baseline !== undefined) changed.push(...(await settleDependents(sql, baseline, nowMs)));
  return changed.map(taskOf);
}

function checkPolicies(tasks: readonly TaskRow[], policyIds: readonly string[] | undefined): void {
  const unknown = policyIds?.find((id) => !tasks.some(({ policy_id }) => policy_id === id));
  if (unknown !== undefined)
    throw new EntrepotError("not-found", `the run has no policy ${JSON.stringify(unknown)}`, {
      hint: `its policies are ${tasks
        .slice(0, 20)
        .map(({ policy_id }) => policy_id)
        .join(", ")}`,
    });
}

function notStarted(runId: string): EntrepotError {
  return new EntrepotError("precondition-failed", `run ${runId} is not started`, { hint: "start it first" });
}
