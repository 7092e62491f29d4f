/** Runs as the tables hold them. */
import { createHash } from "node:crypto";
import type { Json } from "../../depot/index.ts";
import type { Bound } from "./bound.ts";
import { found } from "./parts.ts";
import type { RunOptions, RunRecord, RunState, RunSummary, RunTaskState, TaskCounts } from "./records.ts";

interface SummaryRow {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly state: RunState;
  readonly created_ms: number;
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
  readonly last_event: number;
  readonly policy_count: number;
}

interface RunRow extends SummaryRow {
  readonly options: string;
  readonly baseline_first: boolean;
  readonly retries: number;
  readonly timeout_seconds: number | null;
  readonly service: string | null;
  readonly policies: string | null;
}

export interface SummaryQuestion {
  readonly model: string | null;
  readonly version: string | null;
  readonly state: string | null;
  readonly search: string | null;
  readonly models: string | null;
  readonly before: string | null;
  readonly limit: number;
}

export async function readSummaries(sql: Bound, question: SummaryQuestion): Promise<readonly RunSummary[]> {
  const { model, version, state, search, models, before, limit } = question;
  const rows = await sql.query<SummaryRow>(
    `SELECT r.id, r.model, r.version, r.name, r.description, r.state, r.created_ms, r.started_ms, r.ended_ms, r.last_event,
      (SELECT count(*)::int FROM entrepot_runs.policies p WHERE p.run_id = r.id) AS policy_count
    FROM entrepot_runs.runs r
    WHERE ($1::text IS NULL OR r.model = $1) AND ($2::text IS NULL OR r.version = $2) AND ($3::text IS NULL OR r.state = $3)
      AND ($4::text IS NULL OR position(lower($4) in lower(r.name)) > 0 OR position(lower($4) in r.id) > 0)
      AND ($5::text IS NULL OR r.model IN (SELECT jsonb_array_elements_text($5::jsonb)))
      AND ($6::text IS NULL OR r.id < $6)
    ORDER BY r.id DESC LIMIT $7`,
    [model, version, state, search, models, before, limit],
  );
  const counts = await readCounts(
    sql,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => summaryOf(row, counts.get(row.id) ?? noTasks));
}

export async function readRun(sql: Bound, runId: string): Promise<RunRecord> {
  const rows = await sql.query<RunRow>(
    `SELECT r.id, r.model, r.version, r.name, r.description, r.state, r.created_ms, r.started_ms, r.ended_ms, r.last_event,
      r.options, r.baseline_first, r.retries, r.timeout_seconds, r.service,
      (SELECT jsonb_agg(p.id ORDER BY p.position)::text FROM entrepot_runs.policies p WHERE p.run_id = r.id) AS policies,
      (SELECT count(*)::int FROM entrepot_runs.policies p WHERE p.run_id = r.id) AS policy_count
    FROM entrepot_runs.runs r WHERE r.id = $1`,
    [runId],
  );
  const row = found(rows, `run ${JSON.stringify(runId)}`);
  const policies = JSON.parse(row.policies ?? "[]") as readonly string[];
  const options = JSON.parse(row.options) as RunOptions;
  const order = stackingOrderOf(options, policies);
  return {
    ...summaryOf(row, (await readCounts(sql, [runId])).get(runId) ?? noTasks),
    options,
    policies,
    stackingOrder: order,
    baseline: baselineOf(order, policies),
    baselineFirst: row.baseline_first,
    retries: row.retries,
    timeoutSeconds: row.timeout_seconds ?? undefined,
    service: row.service ?? undefined,
    etag: etagOf(row),
  };
}

function etagOf(row: RunRow): string {
  const { name, description, options, baseline_first, retries, timeout_seconds } = row;
  const text = JSON.stringify([name, description, options, baseline_first, retries, timeout_seconds]);
  return createHash("sha256").update(text).digest("hex");
}

/** PWBM's name for it, too; numbers are ids, as theirs are. */
export function stackingOrderOf(options: RunOptions, policies: readonly string[]): readonly string[] {
  const stated: Json | undefined = options["stackingOrder"] ?? options["stacking_order"];
  if (!Array.isArray(stated) || !stated.every((each) => typeof each === "string" || typeof each === "number"))
    return policies;
  return stated.map(String);
}

/** The first of the order, where it is one of the policies. */
export function baselineOf(order: readonly string[], policies: readonly string[]): string | undefined {
  const [first] = order;
  return first !== undefined && policies.includes(first) ? first : policies[0];
}

/** Of rows that count tasks. */
export function countsOf(rows: readonly { readonly state: RunTaskState; readonly count: number }[]): TaskCounts {
  return { ...noTasks, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
}

export const noTasks: TaskCounts = { waiting: 0, ready: 0, running: 0, done: 0, failed: 0, cancelled: 0 };

async function readCounts(sql: Bound, runIds: readonly string[]): Promise<ReadonlyMap<string, TaskCounts>> {
  if (runIds.length === 0) return new Map();
  const rows = await sql.query<{ readonly run_id: string; readonly state: RunTaskState; readonly count: number }>(
    `SELECT run_id, state, count(*)::int AS count FROM entrepot_runs.tasks
    WHERE run_id IN (SELECT jsonb_array_elements_text($1::jsonb)) GROUP BY run_id, state`,
    [JSON.stringify(runIds)],
  );
  const counts = new Map<string, TaskCounts>();
  for (const { run_id, state, count } of rows)
    counts.set(run_id, { ...(counts.get(run_id) ?? noTasks), [state]: count });
  return counts;
}

function summaryOf(row: SummaryRow, tasks: TaskCounts): RunSummary {
  const { id, model, version, name, description, state } = row;
  return {
    id,
    model,
    version,
    name,
    description,
    state,
    tasks,
    policyCount: row.policy_count,
    createdMs: row.created_ms,
    startedMs: row.started_ms ?? undefined,
    endedMs: row.ended_ms ?? undefined,
    lastEvent: row.last_event,
  };
}
