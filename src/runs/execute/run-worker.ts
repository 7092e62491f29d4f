/** Executes the tasks of runs: so many at a time until it is stopped, or one of them. */
import type { Depot } from "../../depot/index.ts";
import { HeldFolders, openProgramGuard } from "../../disk/index.ts";
import { EntrepotError, type ErrorCode, mistakeIn } from "../../error/index.ts";
import { systemClock } from "../../queue/index.ts";
import type { TaskRecord } from "../store/index.ts";
import { type ExecutionParts, workFolder } from "./execute-attempt.ts";
import { openRunQueue } from "./run-queue.ts";
import { taskSource } from "./task-source.ts";
import { Worker } from "./worker.ts";
import type { RunWorker, RunWorkerOptions } from "./worker-options.ts";

const commonNames = [
  "store",
  "graceMs",
  "silentMs",
  "workDir",
  "name",
  "env",
  "signal",
  "onTask",
  "onWarning",
] as const satisfies readonly (keyof RunWorkerOptions & keyof RunTaskOptions)[];
const optionNames: ReadonlySet<string> = new Set<keyof RunWorkerOptions>([
  ...commonNames,
  "slots",
  "models",
  "retrySeconds",
]);
const taskOptionNames: ReadonlySet<string> = new Set<keyof RunTaskOptions>([...commonNames, "runId", "policyId"]);

/**
 * Takes tasks of the runs of a database and executes them by the worker contract. Resolves when it takes tasks. Errors: those of Database,
 * missing-peer, forbidden; not-found for a model that there is none of.
 */
export async function runWorker(data: Depot, options: RunWorkerOptions): Promise<RunWorker> {
  const mistake = mistakeIn("runWorker()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  const worker = await openWorker(data, options);
  try {
    await worker.begin();
  } catch (error) {
    await worker.stop();
    throw error;
  }
  if (options.signal?.aborted === true) await worker.stop();
  return worker;
}

export interface RunTaskOptions extends Omit<RunWorkerOptions, "slots" | "models" | "retrySeconds"> {
  readonly runId: string;
  readonly policyId: string;
}

/**
 * Executes one policy of a run, once, as a worker would: for jobs of AWS Batch, Kubernetes and the like, which are started for it. Gives the
 * task as it is then. Errors: not-found; precondition-failed where it waits for the baseline or has ended; busy where somebody else runs it;
 * those of Database. Throws the reason of a signal that has aborted before the task begins.
 */
export async function runTask(data: Depot, options: RunTaskOptions): Promise<TaskRecord> {
  const mistake = mistakeIn("runTask()", options, taskOptionNames);
  if (mistake !== undefined) throw mistake;
  const { runId, policyId, store, signal } = options;
  signal?.throwIfAborted();
  const task = (await store.tasks.list(runId)).find((each) => each.policyId === policyId);
  if (task === undefined) {
    const { state, policies } = await store.runs.get(runId);
    const [code, why] = policies.includes(policyId) ? notStarted(state) : noPolicy(policyId);
    throw new EntrepotError(code, `run ${runId} ${why}`, {
      hint: `its policies are ${policies.slice(0, 20).join(", ")}`,
    });
  }
  const worker = await openWorker(data, options);
  try {
    signal?.throwIfAborted();
    return await worker.one(task);
  } finally {
    await worker.stop();
  }
}

function notStarted(state: string): readonly [ErrorCode, string] {
  return ["precondition-failed", `is ${state} and has no tasks yet`];
}

function noPolicy(policyId: string): readonly [ErrorCode, string] {
  return ["not-found", `has no policy ${JSON.stringify(policyId)}`];
}

async function openWorker(data: Depot, options: RunWorkerOptions): Promise<Worker> {
  const { store, slots = 1, models, retrySeconds = 1, silentMs = 10_000, graceMs = 5_000 } = options;
  checkWhole("slots", slots, 1);
  checkWhole("retrySeconds", retrySeconds, 0);
  checkWhole("silentMs", silentMs, 1_000);
  checkWhole("graceMs", graceMs, 0);
  for (const model of models ?? []) await store.models.get(model);
  const { onWarning = () => undefined, env = process.env } = options;
  const folders = new HeldFolders({ above: workFolder(options.workDir), prefix: "entrepot-run-" });
  await folders.sweep().catch(onWarning);
  const queue = await openRunQueue(store, { retrySeconds, onWarning });
  const guard = await openProgramGuard();
  const execution: ExecutionParts = {
    ...{ data, store, guard, env, graceMs, onWarning },
    source: taskSource(store),
    clock: systemClock,
    folders,
  };
  return new Worker({ ...options, slots, silentMs }, execution, queue);
}

function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new EntrepotError("misconfigured", `${name} of a worker must be a whole number, ${least} or more`, {
      hint: `leave ${name} out for its default`,
    });
}
