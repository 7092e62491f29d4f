/** A run as jobs of a service, instead of tasks for workers that wait. */
import { EntrepotError, mistakeIn } from "../../error/index.ts";
import type { RunStore, TaskRecord } from "../store/index.ts";
import { checkService, jobsUnderWay, type SubmittedTask, someAtOnce } from "./submitted-jobs.ts";
import type { SubmitCallOptions, Submitter } from "./submitter.ts";
import { checkSharedDatabase } from "./submitter-of.ts";

const optionNames: ReadonlySet<string> = new Set(["signal", "onJob"]);

export interface SubmittedJobs {
  readonly jobs: readonly SubmittedTask[];
  /** Of tasks that are ready, jobs that the service has from before: they are not sent again. */
  readonly underWay: readonly SubmittedTask[];
  /** Policies that wait for the baseline, and have no job yet: call again when it is done. */
  readonly waiting: readonly string[];
}

/**
 * Starts the run where it is not started, for jobs of this service alone, and submits a job for each task that is ready; for those that
 * wait for the baseline, too, where jobs of the service can wait. Called again it submits what is ready then and has no job that waits or
 * runs: one that was sent since the newest attempt of the task ended. Errors: those of `runs.start` and of the submitter; misconfigured for a database that is a folder;
 * precondition-failed for a run that has ended, or was started for workers that wait or for another service.
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
  if (run.state === "created") await store.runs.start(runId, { service: submitter.name });
  else if (run.state !== "running")
    throw new EntrepotError("precondition-failed", `run ${runId} has ended: ${run.state}`, {
      hint: "entrepot runs retry runs again what failed or was cancelled; a new run begins from new",
    });
  else checkService(run, submitter);
  const tasks = await store.tasks.list(runId);
  const ready = tasks.filter(({ state }) => state === "ready");
  const underWay = run.state === "created" ? [] : await jobsUnderWay(store, submitter, ready, { signal });
  const jobs: SubmittedTask[] = [];
  const submit = async (some: readonly TaskRecord[], after?: string): Promise<void> => {
    const sending = someAtOnce(some, async ({ policyId }) => {
      signal?.throwIfAborted();
      const job = { policyId, jobId: await submitter.submit({ run, version, policyId, after }, { signal }) };
      await recordJob(store, submitter, runId, job);
      return job;
    });
    for await (const job of sending) {
      jobs.push(job);
      onJob(job);
    }
  };
  const isSent = new Set(underWay.map(({ policyId }) => policyId));
  await submit(ready.filter(({ policyId }) => !isSent.has(policyId)));
  const waiting = tasks.filter(({ state }) => state === "waiting");
  const baseline = jobs.find(({ policyId }) => policyId === run.baseline)?.jobId;
  const unsent = { jobs, underWay, waiting: waiting.map(({ policyId }) => policyId) };
  if (!submitter.jobsWait || baseline === undefined) return unsent;
  await submit(waiting, baseline);
  return { ...unsent, waiting: [] };
}

/** A job that nobody knows of could be neither cancelled nor asked after. */
async function recordJob(store: RunStore, submitter: Submitter, runId: string, job: SubmittedTask): Promise<void> {
  const { policyId, jobId } = job;
  try {
    await store.jobs.add({ runId, policyId, id: jobId });
  } catch (error) {
    await submitter.cancel(jobId, "it could not be recorded").catch(() => undefined);
    throw error;
  }
}
