/** Attempts: how they begin and how they end. Only the newest of a task is listened to, and only once. */
import type { Bound } from "../bound.ts";
import { addEvents } from "../events.ts";
import { newFolder, newSecret } from "../ids.ts";
import { checkText } from "../names.ts";
import { lockRunOfAttempt, lockRunOfTask, type Parts, persistent } from "../parts.ts";
import type { RunState } from "../records.ts";
import type { Attempt, AttemptToken, Ended, Outcome, Tasks } from "../run-store.ts";
import { changeTask, endAttempt, settleDependents, settleRun, type TaskChange } from "./change.ts";
import { endedAs } from "./machine.ts";
import { checkOutcome } from "./outcome.ts";
import { writeOutputs } from "./outputs.ts";
import {
  type AttemptRow,
  heldAttempt,
  readAttempt,
  readAttempts,
  readTask,
  readTasks,
  type TaskRow,
  taskOf,
} from "./rows.ts";

const defaultSilentMs = 10_000;

export function attemptsOf(parts: Parts): Pick<Tasks, "begin" | "end" | "sweep" | "alive"> {
  const { sql, now } = parts;

  const begin = (taskId: string, worker: string, silentMs: number): Promise<Attempt | undefined> => {
    const token = newSecret();
    return persistent(parts, () =>
      sql.transaction(async (inside) => {
        await lockRunOfTask(inside, taskId);
        const task = await readTask(inside, taskId);
        return beginLocked(inside, parts, task, { worker, silentMs, token });
      }),
    );
  };

  return {
    async begin(taskId, { worker, silentMs = defaultSilentMs }) {
      checkText("worker", worker);
      return begin(taskId, worker, silentMs);
    },
    async end(token, outcome) {
      checkOutcome(outcome);
      return persistent(parts, (isAgain) =>
        sql.transaction((inside) => endByToken(inside, parts, token, outcome, isAgain)),
      );
    },
    async sweep({ silentMs, runId }) {
      // by when it began, however long the database is away in between
      const silentSinceMs = now() - silentMs;
      const silent = await sql.query<{ readonly token: string }>(
        `SELECT a.token FROM entrepot_runs.attempts a JOIN entrepot_runs.tasks t ON t.id = a.task_id
        WHERE t.state = 'running' AND a.state = 'running' AND a.alive_ms < $1 AND ($2::text IS NULL OR t.run_id = $2)
        ORDER BY a.alive_ms`,
        [silentSinceMs, runId ?? null],
      );
      const swept: Ended[] = [];
      for (const { token } of silent) {
        const ended = await persistent(parts, (isAgain) =>
          sql.transaction((inside) => endByToken(inside, parts, token, { state: "lost", silentSinceMs }, isAgain)),
        );
        if (ended !== undefined) swept.push(ended);
      }
      return swept;
    },
    async alive(tokens) {
      await parts.measure();
      if (tokens.length === 0) return new Set();
      const rows = await persistent(parts, () =>
        sql.query<{ readonly token: AttemptToken }>(
          `UPDATE entrepot_runs.attempts SET alive_ms = $2
          WHERE state = 'running' AND token IN (SELECT jsonb_array_elements_text($1::jsonb)) RETURNING token`,
          [JSON.stringify(tokens), now()],
        ),
      );
      return new Set(rows.map(({ token }) => token));
    },
  };
}

async function beginLocked(
  sql: Bound,
  { now }: Parts,
  found: TaskRow,
  { worker, silentMs, token }: { readonly worker: string; readonly silentMs: number; readonly token: string },
): Promise<Attempt | undefined> {
  const nowMs = now();
  let task: TaskRow = found;
  if (task.state === "running") {
    const before = (await readAttempts(sql, task.id)).at(-1);
    // begun by the first time of the same call, of which nothing was heard
    if (before?.token === token) return heldAttempt(before);
    if (before === undefined || nowMs - before.alive_ms < silentMs) return undefined;
    const after = await endLost(sql, task, before, nowMs);
    if (after === undefined) return undefined;
    task = after;
    await settleDependents(sql, task, nowMs);
    await settleRun(sql, { id: task.run_id, state: "running" }, nowMs);
  }
  const begun = await changeTask(sql, task, { happening: "begin", nowMs, reason: task.reason ?? undefined });
  if (begun === undefined) return undefined;
  const { run_id, policy_id, attempts: number } = begun;
  const [made] = await sql.query<Omit<AttemptRow, "run_id" | "policy_id">>(
    `INSERT INTO entrepot_runs.attempts (task_id, number, token, state, worker, folder, started_ms, alive_ms)
    VALUES ($1, $2, $3, 'running', $4, $5, $6, $6) RETURNING *`,
    [task.id, number, token, worker, newFolder(number), nowMs],
  );
  await addEvents(sql, run_id, nowMs, [{ type: "started", policyId: policy_id, attempt: number, text: worker }]);
  return made && heldAttempt({ ...made, run_id, policy_id });
}

type End = Outcome | { readonly state: "lost"; readonly silentSinceMs: number };

/** `isAgain`: an attempt that has ended in this way counts as ended by this call, whose first time was cut off. */
async function endByToken(
  sql: Bound,
  { now }: Parts,
  token: AttemptToken,
  end: End,
  isAgain = false,
): Promise<Ended | undefined> {
  const run = await lockRunOfAttempt(sql, token);
  if (run === undefined) return undefined;
  const attempt = await readAttempt(sql, token);
  if (isAgain && attempt?.state === endedAs[end.state]) return endedBefore(sql, attempt, run.state);
  if (attempt?.state !== "running") return undefined;
  if (end.state === "lost" && attempt.alive_ms >= end.silentSinceMs) return undefined;
  const nowMs = now();
  const task = await readTask(sql, attempt.task_id);
  const after =
    end.state === "lost" ? await endLost(sql, task, attempt, nowMs) : await endTold(sql, task, attempt, end, nowMs);
  if (after === undefined) return undefined;
  const dependents = await settleDependents(sql, after, nowMs);
  const state = await settleRun(sql, run, nowMs);
  return { task: taskOf(after), willRetry: after.state === "ready", dependents: dependents.map(taskOf), run: state };
}

async function endedBefore(sql: Bound, attempt: AttemptRow, run: RunState): Promise<Ended | undefined> {
  const task = await readTask(sql, attempt.task_id);
  // somebody else's by now
  if (task.attempts !== attempt.number) return undefined;
  const dependents = task.is_baseline ? (await readTasks(sql, task.run_id)).filter(({ id }) => id !== task.id) : [];
  return { task: taskOf(task), willRetry: task.state === "ready", dependents: dependents.map(taskOf), run };
}

const lostReason = "its worker died or was cut off";

async function endLost(sql: Bound, task: TaskRow, attempt: AttemptRow, nowMs: number): Promise<TaskRow | undefined> {
  return endFailed(sql, task, attempt, {
    nowMs,
    error: lostReason,
    state: "lost",
    mayRetry: true,
    exitCode: undefined,
  });
}

async function endTold(
  sql: Bound,
  task: TaskRow,
  attempt: AttemptRow,
  end: Outcome,
  nowMs: number,
): Promise<TaskRow | undefined> {
  const { policy_id: policyId, run_id: runId } = task;
  const named = { policyId, attempt: attempt.number };
  if (end.state === "failed") {
    const { error, exitCode, mayRetry = true } = end;
    return endFailed(sql, task, attempt, { nowMs, error, exitCode, state: "failed", mayRetry });
  }
  if (end.state === "released") {
    await endAttempt(sql, attempt, { state: "lost", nowMs, error: end.error });
    const after = await changeTask(sql, task, { happening: "release", nowMs, reason: end.error });
    await addEvents(sql, runId, nowMs, [{ type: "failed", ...named, text: end.error, willRetry: true }]);
    return after;
  }
  await endAttempt(sql, attempt, { state: "done", nowMs, exitCode: end.exitCode });
  const after = await changeTask(sql, task, { happening: "done", nowMs });
  await writeOutputs(sql, task, end.outputs ?? []);
  await addEvents(sql, runId, nowMs, [{ type: "finished", ...named }]);
  return after;
}

interface Failure {
  readonly nowMs: number;
  readonly error: string;
  readonly exitCode: number | undefined;
  readonly state: "failed" | "lost";
  readonly mayRetry: boolean;
}

async function endFailed(
  sql: Bound,
  task: TaskRow,
  attempt: AttemptRow,
  { nowMs, error, exitCode, state, mayRetry }: Failure,
): Promise<TaskRow | undefined> {
  await endAttempt(sql, attempt, { state, nowMs, error, exitCode });
  const failures = task.failures + 1;
  const willRetry = mayRetry && failures <= task.retries;
  const change: TaskChange = { happening: willRetry ? "retry" : "fail", nowMs, reason: error, failures };
  const after = await changeTask(sql, task, change);
  const { policy_id: policyId, run_id: runId } = task;
  await addEvents(sql, runId, nowMs, [{ type: "failed", policyId, attempt: attempt.number, text: error, willRetry }]);
  return after;
}
