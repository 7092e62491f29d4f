/** Events of a run: numbered under the lock of the run, so that whoever reads them in order misses none that commits later. */
import type { Bound } from "./bound.ts";
import { cleanText } from "./bound.ts";
import type { LogStream, RunEvent, RunState } from "./records.ts";

export interface NewEvent {
  readonly type: RunEvent["type"];
  readonly policyId?: string | undefined;
  readonly attempt?: number | undefined;
  /** The line, error, reason, message, worker or state. */
  readonly text?: string | undefined;
  readonly stream?: LogStream | undefined;
  readonly fraction?: number | undefined;
  readonly willRetry?: boolean | undefined;
  /** Default: now. */
  readonly timeMs?: number | undefined;
}

/** Within a transaction. */
export async function addEvents(sql: Bound, runId: string, nowMs: number, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ type, policyId, attempt, text, stream, fraction, willRetry, timeMs = nowMs }, index) => ({
    index: index + 1,
    type,
    time_ms: timeMs,
    policy_id: policyId,
    attempt,
    text: text === undefined ? undefined : cleanText(text),
    stream,
    fraction,
    will_retry: willRetry,
  }));
  await sql.query(
    `WITH counted AS (
      UPDATE entrepot_runs.runs SET last_event = last_event + $2 WHERE id = $1 RETURNING last_event - $2 AS before
    )
    INSERT INTO entrepot_runs.events (run_id, at, time_ms, type, policy_id, attempt, text, stream, fraction, will_retry)
    SELECT $1, counted.before + e.index, e.time_ms, e.type, e.policy_id, e.attempt, e.text, e.stream, e.fraction, e.will_retry
    FROM counted, jsonb_to_recordset($3::jsonb) AS e (index double precision, time_ms double precision, type text, policy_id text,
      attempt integer, text text, stream text, fraction double precision, will_retry boolean)`,
    [runId, rows.length, JSON.stringify(rows)],
  );
}

interface EventRow {
  readonly at: number;
  readonly time_ms: number;
  readonly type: RunEvent["type"];
  readonly policy_id: string | null;
  readonly attempt: number | null;
  readonly text: string | null;
  readonly stream: LogStream | null;
  readonly fraction: number | null;
  readonly will_retry: boolean | null;
}

export interface EventQuestion {
  readonly after: number;
  readonly types?: readonly RunEvent["type"][] | undefined;
  readonly policyId?: string | undefined;
  readonly limit: number;
}

export async function readEvents(sql: Bound, runId: string, question: EventQuestion): Promise<readonly RunEvent[]> {
  const { after, types, policyId, limit } = question;
  const rows = await sql.query<EventRow>(
    `SELECT at, time_ms, type, policy_id, attempt, text, stream, fraction, will_retry FROM entrepot_runs.events
    WHERE run_id = $1 AND at > $2
      AND ($3::text IS NULL OR type IN (SELECT jsonb_array_elements_text($3::jsonb)))
      AND ($4::text IS NULL OR policy_id IS NULL OR policy_id = $4)
    ORDER BY at LIMIT $5`,
    [runId, after, types === undefined ? null : JSON.stringify(types), policyId ?? null, limit],
  );
  return rows.map(eventOf);
}

function eventOf(row: EventRow): RunEvent {
  const { at, time_ms: timeMs, type } = row;
  const text = row.text ?? "";
  if (type === "submitted") return { at, timeMs, type };
  if (type === "ended") return { at, timeMs, type, state: text as RunState };
  const base = { at, timeMs, policyId: row.policy_id ?? "", attempt: row.attempt ?? 0 };
  switch (type) {
    case "started":
      return { ...base, type, worker: text };
    case "progress":
      return { ...base, type, fraction: row.fraction ?? 0, message: text };
    case "log":
      return { ...base, type, stream: row.stream ?? "stdout", line: text };
    case "finished":
      return { ...base, type };
    case "failed":
      return { ...base, type, error: text, willRetry: row.will_retry ?? false };
    case "cancelled":
      return { ...base, type, reason: text };
  }
}
