/** What every part of the store works with. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Bound, BoundDatabase } from "./bound.ts";

export interface Parts {
  readonly sql: BoundDatabase;
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
  /** Rejects with `signal.reason`. */
  sleep(ms: number, signal?: AbortSignal | undefined): Promise<void>;
}

/** How long a database that is away is asked again, and how long is waited in between, milliseconds. */
const patienceMs = 60_000;
const pauseMs = 200;

/**
 * Does again what a broken connection has cut off, for work of which a second time finds what the first has done: whether it took effect is
 * not known then. `isAgain` from the second time on.
 */
export async function persistent<T>(
  { sleep }: Pick<Parts, "sleep">,
  work: (isAgain: boolean) => Promise<T>,
): Promise<T> {
  for (let awayMs = 0; ; awayMs += pauseMs) {
    try {
      return await work(awayMs > 0);
    } catch (error) {
      if (!isEntrepotError(error, "unreachable") || awayMs >= patienceMs) throw error;
      await sleep(pauseMs);
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
  const rows = await sql.query<LockedRun>(
    "SELECT id, model, version, state, baseline_first, retries, timeout_seconds, started_ms FROM entrepot_runs.runs WHERE id = $1 FOR UPDATE",
    [runId],
  );
  return found(rows, `run ${JSON.stringify(runId)}`);
}

export interface LockedRun {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly state: "created" | "running" | "done" | "failed" | "cancelled";
  readonly baseline_first: boolean;
  readonly retries: number;
  readonly timeout_seconds: number | null;
  readonly started_ms: number | null;
}
