/** Jobs that a service was sent for a run: asked after, and ended with their tasks. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { JobRecord, RunRecord, RunStore, TaskRecord } from "../store/index.ts";
import type { SubmitCallOptions, SubmittedJob, Submitter } from "./submitter.ts";

/** Requests to a service at a time: AWS Batch takes 50 in a second of an account, of which none is faster than 100 ms. */
const atOnce = 4;

export interface SubmittedTask {
  readonly policyId: string;
  readonly jobId: string;
}

export interface DescribedJob {
  readonly policyId: string;
  readonly jobId: string;
  /** `undefined`: the service has no such job any more. */
  readonly said: SubmittedJob | undefined;
}

/**
 * What the service says of the newest job of each task that has not ended. Errors: those of the submitter; precondition-failed for a run
 * that is not this service's.
 */
export async function describeJobs(
  store: Pick<RunStore, "runs" | "tasks" | "jobs">,
  submitter: Submitter,
  runId: string,
  { signal }: SubmitCallOptions = {},
): Promise<readonly DescribedJob[]> {
  const isOpen = ({ endedMs }: TaskRecord): boolean => endedMs === undefined;
  return described(submitter, newestOf(await openJobs(store, submitter, runId, isOpen)), signal);
}

/** Of these tasks of one run, those with a job that was sent since their newest attempt ended, and that waits or runs. */
export async function jobsUnderWay(
  store: Pick<RunStore, "tasks" | "jobs">,
  submitter: Submitter,
  tasks: readonly TaskRecord[],
  { signal }: SubmitCallOptions,
): Promise<readonly SubmittedTask[]> {
  const [first] = tasks;
  if (first === undefined) return [];
  const sent = new Map(newestOf(await store.jobs.list(first.runId)).map((job) => [job.policyId, job]));
  const asked: JobRecord[] = [];
  for (const { id, policyId, attempts } of tasks) {
    const job = sent.get(policyId);
    if (job === undefined || job.cancelledMs !== undefined) continue;
    const { endedMs = 0 } = attempts === 0 ? {} : ((await store.tasks.attempts(id)).at(-1) ?? {});
    if (job.submittedMs > endedMs) asked.push(job);
  }
  return (await described(submitter, asked, signal))
    .filter(({ said }) => said?.state === "waiting" || said?.state === "running")
    .map(({ policyId, jobId }) => ({ policyId, jobId }));
}

/** Of each policy the last. */
function newestOf(jobs: readonly JobRecord[]): readonly JobRecord[] {
  return [...new Map(jobs.map((job) => [job.policyId, job])).values()];
}

function described(
  submitter: Submitter,
  jobs: readonly JobRecord[],
  signal: AbortSignal | undefined,
): Promise<readonly DescribedJob[]> {
  return eachJob(jobs, async ({ policyId, id }) => {
    const job = submitter.describe(id, { signal });
    return { policyId, jobId: id, said: await job.catch(undefinedWhereGone) };
  });
}

/**
 * Ends the jobs of tasks that were cancelled (`runs.cancel` comes first), those that it has not ended before; gives them. What fails is
 * done when it is called again. Errors: those of the submitter; precondition-failed for a run that is not this service's.
 */
export async function cancelJobs(
  store: Pick<RunStore, "runs" | "tasks" | "jobs">,
  submitter: Submitter,
  runId: string,
  { reason = "cancelled", signal }: SubmitCallOptions & { readonly reason?: string | undefined } = {},
): Promise<readonly JobRecord[]> {
  const jobs = await openJobs(store, submitter, runId, ({ state }) => state === "cancelled");
  return eachJob(jobs, async (job) => {
    await submitter.cancel(job.id, reason, { signal });
    await store.jobs.cancelled(job);
    return job;
  });
}

/** Error: precondition-failed for a run that is not this service's. */
export function checkService({ id, service }: Pick<RunRecord, "id" | "service">, { name }: Submitter): void {
  if (service === name) return;
  const whose = service === undefined ? "workers that wait" : `jobs of ${service}`;
  throw new EntrepotError("precondition-failed", `run ${id} was started for ${whose}, not for jobs of ${name}`, {
    hint: "a run stays with whom it was started for; make a new one for others",
  });
}

/** Those that the service was not told to end. */
async function openJobs(
  store: Pick<RunStore, "runs" | "tasks" | "jobs">,
  submitter: Submitter,
  runId: string,
  isMeant: (task: TaskRecord) => boolean,
): Promise<readonly JobRecord[]> {
  checkService(await store.runs.get(runId), submitter);
  const tasks = await store.tasks.list(runId);
  const policies = new Set(tasks.filter(isMeant).map(({ policyId }) => policyId));
  const jobs = await store.jobs.list(runId);
  return jobs.filter(({ policyId, cancelledMs }) => cancelledMs === undefined && policies.has(policyId));
}

/** So many at a time, given in their order; what is under way when one fails is waited for, and given before that failure is told. */
export async function* someAtOnce<Item, Done>(
  items: readonly Item[],
  work: (item: Item) => Promise<Done>,
): AsyncGenerator<Done, void> {
  for (let at = 0; at < items.length; at += atOnce) {
    const some = await Promise.allSettled(items.slice(at, at + atOnce).map(work));
    for (const one of some) if (one.status === "fulfilled") yield one.value;
    for (const one of some) if (one.status === "rejected") throw one.reason;
  }
}

async function eachJob<Done>(
  jobs: readonly JobRecord[],
  work: (job: JobRecord) => Promise<Done>,
): Promise<readonly Done[]> {
  const all: Done[] = [];
  for await (const done of someAtOnce(jobs, work)) all.push(done);
  return all;
}

function undefinedWhereGone(error: unknown): undefined {
  if (!isEntrepotError(error, "not-found")) throw error;
}
