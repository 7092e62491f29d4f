/** Which jobs a service was sent for the tasks of a run, so that they can be asked after and ended. */
import { cleanText } from "./bound.ts";
import { type Parts, persistent } from "./parts.ts";
import type { JobRecord } from "./records.ts";

/** Jobs that services were sent for tasks. */
export interface Jobs {
  /** A second time is no other. */
  add(job: Pick<JobRecord, "runId" | "policyId" | "id">): Promise<void>;
  /** In the order of the policies; of one policy the oldest first. */
  list(runId: string): Promise<readonly JobRecord[]>;
  /** Its service was told to end it. Unknown is success. */
  cancelled(job: Pick<JobRecord, "runId" | "policyId" | "id">): Promise<void>;
}

interface JobRow {
  readonly run_id: string;
  readonly policy_id: string;
  readonly id: string;
  readonly submitted_ms: number;
  readonly cancelled_ms: number | null;
}

export function jobsOf(parts: Parts): Jobs {
  const { sql, now } = parts;
  const change = (text: string, { runId, policyId, id }: Parameters<Jobs["add"]>[0]): Promise<unknown> =>
    persistent(parts, () => sql.query(text, [runId, policyId, cleanText(id), now()]));
  return {
    async add(job) {
      await change(
        `INSERT INTO entrepot_runs.jobs (run_id, policy_id, id, submitted_ms) VALUES ($1, $2, $3, $4)
        ON CONFLICT (run_id, policy_id, id) DO NOTHING`,
        job,
      );
    },
    async cancelled(job) {
      await change(
        `UPDATE entrepot_runs.jobs SET cancelled_ms = COALESCE(cancelled_ms, $4)
        WHERE run_id = $1 AND policy_id = $2 AND id = $3`,
        job,
      );
    },
    async list(runId) {
      const rows = await sql.query<JobRow>(
        `SELECT j.* FROM entrepot_runs.jobs j JOIN entrepot_runs.policies p ON p.run_id = j.run_id AND p.id = j.policy_id
        WHERE j.run_id = $1 ORDER BY p.position, j.submitted_ms, j.id`,
        [runId],
      );
      return rows.map(jobOf);
    },
  };
}

function jobOf(row: JobRow): JobRecord {
  return {
    runId: row.run_id,
    policyId: row.policy_id,
    id: row.id,
    submittedMs: row.submitted_ms,
    cancelledMs: row.cancelled_ms ?? undefined,
  };
}
