/** A run as jobs of a service, instead of tasks for workers that wait. */
import { EntrepotError, mistakeIn } from "../../error/index.ts";
import type { RunStore, TaskRecord } from "../store/index.ts";
import type { SubmitCallOptions, Submitter } from "./submitter.ts";
import { checkSharedDatabase } from "./submitter-of.ts";

const optionNames: ReadonlySet<string> = new Set(["signal", "onJob"]);

export interface SubmittedTask {
  readonly policyId: string;
  readonly jobId: string;
}

export interface SubmittedJobs {
  readonly jobs: readonly SubmittedTask[];
  /** Policies that wait for the baseline, and have no job yet: call again when it is done. */
  readonly waiting: readonly string[];
}

/**
 * Starts the run where it is not started, and submits a job for each task that is ready; for those that wait for the baseline, too, where
 * jobs of the service can wait. Called again it submits what is ready then; a second job of a task that runs already does nothing.
 * Errors: those of `runs.start` and of the submitter; misconfigured for a database that is a folder; precondition-failed for a run that
 * has ended.
 */
export async function submitJobs(
  store: RunStore,
  submitter: Submitter,
  runId: string,
  options: SubmitCallOptions & { readonly onJob?: (job: SubmittedTask) => void } = {},
): Promise<SubmittedJobs> {
  const mistake = mistakeIn("submitJobs()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  const { signal, onJob = () => undefined } = options;
  checkSharedDatabase(store);
  const run = await store.runs.get(runId);
  const version = await store.models.version(run.model, run.version);
  // what is wrong with the settings is said before the run is fixed
  for (const policyId of run.policies.slice(0, 1)) await submitter.manifest({ run, version, policyId });
  if (run.state === "created") await store.runs.start(runId);
  else if (run.state !== "running")
    throw new EntrepotError("precondition-failed", `run ${runId} has ended: ${run.state}`, {
      hint: "entrepot runs retry runs again what failed or was cancelled; a new run begins from new",
    });
  const tasks = await store.tasks.list(runId);
  const jobs: SubmittedTask[] = [];
  const submit = async ({ policyId }: TaskRecord, after?: string): Promise<void> => {
    const job = { policyId, jobId: await submitter.submit({ run, version, policyId, after }, { signal }) };
    jobs.push(job);
    onJob(job);
  };
  for (const task of tasks) if (task.state === "ready") await submit(task);
  const waiting = tasks.filter(({ state }) => state === "waiting");
  const baseline = jobs.find(({ policyId }) => policyId === run.baseline)?.jobId;
  if (!submitter.jobsWait || baseline === undefined) return { jobs, waiting: waiting.map(({ policyId }) => policyId) };
  for (const task of waiting) await submit(task, baseline);
  return { jobs, waiting: [] };
}
