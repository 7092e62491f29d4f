/** Runs are handed to workers: started, or run again, and sent. */
import { EntrepotError } from "../../error/index.ts";
import type { RunRecord, RunStore, TaskRecord } from "../store/index.ts";
import { openRunQueue } from "./run-queue.ts";

export interface Submitted {
  readonly run: RunRecord;
  /** False: it was started before, and what had not reached the queue was sent now. */
  readonly isNew: boolean;
  /** Tasks that are on their way to a worker since now; less than are ready, where a worker found them first. */
  readonly sent: number;
}

type SubmitStore = Pick<RunStore, "database" | "runs" | "tasks">;

/**
 * Starts a run and sends its tasks to the workers of this database. A run that is under way already is not started twice: what a caller
 * that died has not sent is sent; of one that was started for jobs of a service nothing is sent, because it stays theirs. Errors: those of
 * `runs.start`, of Database, missing-peer; precondition-failed for a run that has ended.
 */
export async function submitRun(store: SubmitStore, runId: string): Promise<Submitted> {
  const { state } = await store.runs.get(runId);
  if (state !== "created" && state !== "running")
    throw new EntrepotError("precondition-failed", `run ${runId} has ended: ${state}`, {
      hint: "entrepot runs retry runs again what failed or was cancelled; a new run begins from new",
    });
  const isNew = state === "created" && (await isStarted(store, runId));
  return { isNew, sent: await sendRun(store, runId), run: await store.runs.get(runId) };
}

/** False when somebody else was first. */
async function isStarted(store: SubmitStore, runId: string): Promise<boolean> {
  try {
    await store.runs.start(runId);
    return true;
  } catch (error) {
    if ((await store.runs.get(runId)).state === "created") throw error;
    return false;
  }
}

/** Has tasks that failed or were cancelled run again, or those of these policies whatever they ended in; see `runs.retry`. */
export async function resubmitRun(
  store: SubmitStore,
  runId: string,
  policyIds?: readonly string[],
): Promise<readonly TaskRecord[]> {
  const changed = await store.runs.retry(runId, policyIds);
  await sendRun(store, runId);
  return changed;
}

async function sendRun(store: SubmitStore, runId: string): Promise<number> {
  const queue = await openRunQueue(store, { retrySeconds: 0 });
  try {
    return await queue.sendMissing({ runId });
  } finally {
    await queue.close();
  }
}
