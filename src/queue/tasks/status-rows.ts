/** Tasks as the tables of pg-boss hold them. The one place, with dependents.ts, that knows those tables. */
import type { Sql } from "../database/database.ts";
import type { TaskData, TaskState, TaskStatus } from "./task.ts";

/** Where pg-boss keeps its tables. */
export const schema = "entrepot_queue";
/** pg-boss counts here the attempts of what it copied from another queue, which none of ours is. */
export const takeOversColumn = "COALESCE(source_retry_count, 0)";

interface StatusRow {
  readonly id: string;
  readonly state: string;
  readonly blocked: boolean;
  readonly data: TaskData | null;
  readonly retry_count: number;
  readonly take_overs: number;
  readonly output: unknown;
  readonly created_on: Date;
  readonly started_on: Date | null;
  readonly completed_on: Date | null;
}

const columns = `id, state::text AS state, blocked, data, retry_count, ${takeOversColumn} AS take_overs, output, created_on, started_on, completed_on`;

/** Of the ids that the queue knows. */
export async function readStatuses(sql: Sql, name: string, ids: readonly string[]): Promise<TaskStatus[]> {
  const text = `SELECT ${columns} FROM ${schema}.job WHERE name = $1 AND id = ANY($2::uuid[])`;
  return (await sql.query<StatusRow>(text, [name, [...ids]])).map(statusOf);
}

/** Which of them ended. */
export async function readEnded(sql: Sql, name: string, ids: readonly string[]): Promise<TaskStatus[]> {
  const text = `SELECT ${columns} FROM ${schema}.job WHERE name = $1 AND id = ANY($2::uuid[]) AND state > 'active'`;
  return (await sql.query<StatusRow>(text, [name, [...ids]])).map(statusOf);
}

/** Which of them the queue knows. */
export async function readKnown(sql: Sql, name: string, ids: readonly string[]): Promise<string[]> {
  const text = `SELECT id FROM ${schema}.job WHERE name = $1 AND id = ANY($2::uuid[])`;
  return (await sql.query<{ readonly id: string }>(text, [name, [...ids]])).map(({ id }) => id);
}

/** How many there are in each state. */
export async function countStates(sql: Sql, name: string): Promise<Readonly<Record<TaskState, number>>> {
  const rows = await sql.query<{ readonly state: string; readonly blocked: boolean; readonly count: number }>(
    `SELECT state::text AS state, blocked, count(*)::int AS count FROM ${schema}.job WHERE name = $1 GROUP BY 1, 2`,
    [name],
  );
  const counts = { waiting: 0, ready: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
  for (const { state, blocked, count } of rows) counts[stateOf(state, blocked)] += count;
  return counts;
}

function statusOf(row: StatusRow): TaskStatus {
  const state = stateOf(row.state, row.blocked);
  const began = row.started_on !== null;
  return {
    id: row.id,
    state,
    data: row.data ?? {},
    attempts: began ? row.retry_count + 1 : 0,
    takeOvers: row.take_overs,
    output: state === "done" ? innerOf(row.output) : undefined,
    reason: state === "done" ? undefined : reasonOf(row.output),
    createdMs: row.created_on.getTime(),
    startedMs: row.started_on?.getTime(),
    endedMs: row.completed_on?.getTime(),
  };
}

function stateOf(state: string, blocked: boolean): TaskState {
  if (state === "created" || state === "retry") return blocked ? "waiting" : "ready";
  if (state === "active") return "running";
  return state === "completed" ? "done" : state === "cancelled" ? "cancelled" : "failed";
}

/** Outputs are objects there; what we give is in `value`. */
function innerOf(output: unknown): unknown {
  return typeof output === "object" && output !== null && "value" in output ? output.value : output;
}

function reasonOf(output: unknown): string | undefined {
  const inner = innerOf(output);
  if (typeof inner === "string") return inner;
  if (typeof inner !== "object" || inner === null) return undefined;
  if ("reason" in inner && typeof inner.reason === "string") return inner.reason;
  if (!("message" in inner) || typeof inner.message !== "string") return undefined;
  // pg-boss's own words, after a worker that could not say it itself
  return inner.message === "job timed out" ? "it took longer than it may" : inner.message;
}
