/** What every part of the store works with. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Clock } from "../../queue/index.ts";
import type { Bound, BoundDatabase } from "./bound.ts";
import type { RunState } from "./records.ts";

export interface Parts {
  /** Its questions are `persistent` by themselves, until the store is closed. */
  readonly sql: BoundDatabase;
  /** The same, until this signal aborts: rejects with its reason. */
  until(signal: AbortSignal | undefined): Bound;
  /** Milliseconds since 1970, by the clock of the database. */
  now(): number;
  /** Compares the clocks, and so asks the database: see DatabaseClock. */
  measure(): Promise<void>;
  newId(): string;
  readonly patience: Patience;
}

/** How it is waited for a database that is away. */
export interface Patience {
  readonly clock: Pick<Clock, "now" | "sleep">;
  /** Aborts when nobody waits any longer, as when the store is closed. */
  readonly signal: AbortSignal;
}

/** How long a database that is away is asked again, what each question takes included, and the pause in between, milliseconds. */
const patienceMs = 60_000;
const pauseMs = 200;

/**
 * Does again what a broken connection has cut off, for work of which a second time finds what the first has done: whether it took effect is
 * not known then. `isAgain` from the second time on. Rejects with the reason of the signal where that aborts in between.
 */
export async function persistent<T>(
  { patience: { clock, signal } }: Pick<Parts, "patience">,
  work: (isAgain: boolean) => Promise<T>,
): Promise<T> {
  const untilMs = clock.now() + patienceMs;
  for (let isAgain = false; ; isAgain = true) {
    try {
      return await work(isAgain);
    } catch (error) {
      if (!isEntrepotError(error, "unreachable") || clock.now() >= untilMs) throw error;
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** The only row of a statement that gives one or none. Error: not-found, naming what it is. */
export function found<Row>(rows: readonly Row[], what: string): Row {
  const [row] = rows;
  if (row === undefined) throw notThere(what);
  return row;
}

/** Also of what somebody may not see: both are said in the same words. */
export function notThere(what: string): EntrepotError<"not-found"> {
  return new EntrepotError("not-found", `there is no ${what} in this database of runs`, {
    hint: "entrepot runs list shows the runs, entrepot runs model list the models",
  });
}

/** Takes the one lock that every change of a run is made under, so that changes of one run come one after another, and none waits in a circle. */
export async function lockRun(sql: Bound, runId: string): Promise<LockedRun> {
  return found(await lock(sql, { runId }), `run ${JSON.stringify(runId)}`);
}

/** The same of the run of a task, which never changes. What was read of the task before this is not under the lock. */
export async function lockRunOfTask(sql: Bound, taskId: string): Promise<LockedRun> {
  return found(await lock(sql, { taskId }), `task ${JSON.stringify(taskId)}`);
}

/** The same of the run of an attempt; `undefined`: there is no such attempt. */
export async function lockRunOfAttempt(sql: Bound, token: string): Promise<LockedRun | undefined> {
  return (await lock(sql, { token }))[0];
}

interface Lockable {
  readonly runId?: string;
  readonly taskId?: string;
  readonly token?: string;
}

function lock(sql: Bound, { runId, taskId, token }: Lockable): Promise<readonly LockedRun[]> {
  return sql.query<LockedRun>(
    `SELECT id, model, version, state, baseline_first, retries, timeout_seconds, started_ms
    FROM entrepot_runs.runs
    WHERE id = COALESCE(
      $1::text,
      (SELECT run_id FROM entrepot_runs.tasks WHERE id = $2),
      (SELECT t.run_id FROM entrepot_runs.attempts a JOIN entrepot_runs.tasks t ON t.id = a.task_id WHERE a.token = $3)
    ) FOR UPDATE`,
    [runId ?? null, taskId ?? null, token ?? null],
  );
}

export interface LockedRun {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly state: RunState;
  readonly baseline_first: boolean;
  readonly retries: number;
  readonly timeout_seconds: number | null;
  readonly started_ms: number | null;
}
