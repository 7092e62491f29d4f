/** Says in the bucket which attempt of a policy counts, and says it later where whoever should have said it died before. */
import type { Depot } from "../../depot/index.ts";
import { mistakeIn } from "../../error/index.ts";
import type { OutputRecord, RunRecord, RunStore, TaskRecord } from "../store/index.ts";
import { attemptFolder, policyUri, publishPointer } from "./attempt-outputs.ts";
import type { RunWorkerOptions } from "./worker-options.ts";

type PublishStore = Pick<RunStore, "runs" | "tasks">;

export interface DoneAttempt {
  readonly taskId: string;
  readonly run: RunRecord;
  readonly policyId: string;
  readonly number: number;
  /** Its name among those of the policy. */
  readonly folder: string;
}

/** Writes `outputs.json` of a policy, and has the database know that. Errors: those of the depot and of Database. */
export async function publishOutputs(
  data: Depot,
  tasks: Pick<RunStore["tasks"], "published">,
  { taskId, run, policyId, number, folder }: DoneAttempt,
  outputs: readonly Omit<OutputRecord, "policyId">[],
): Promise<void> {
  const { id: runId } = run;
  await publishPointer(data, policyUri(data, run, policyId), { runId, policyId, attempt: number, folder, outputs });
  await tasks.published(taskId, number);
}

/**
 * Writes each `outputs.json` of a run that its worker died before writing, from what the database holds. Gives the policies. One is passed
 * over whose outputs lie elsewhere than below the roots of this depot, such as in a folder of another machine, or that wrote nothing.
 * Errors: those of the depot and of Database.
 */
export async function repairOutputs(
  data: Depot,
  store: PublishStore,
  runId: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly string[]> {
  const mistake = mistakeIn("repairOutputs()", options, new Set(["signal"]));
  if (mistake !== undefined) throw mistake;
  const repaired: string[] = [];
  for await (const task of unpublished(store, { runId })) {
    options.signal?.throwIfAborted();
    if (await repairTask(data, store, task)) repaired.push(task.policyId);
  }
  return repaired;
}

/** Attempts that a worker remembers as looked after. */
const mostRemembered = 10_000;

/**
 * What a worker does of the same now and then, for all runs of its models: what ended less than `silentMs` ago, its own worker may still be
 * saying; what cannot be said from here is tried once. None of it fails.
 */
export function outputRepairs(
  { data, onWarning }: { readonly data: Depot; readonly onWarning: (error: unknown) => void },
  { store, models, silentMs }: Pick<RunWorkerOptions, "store" | "models"> & { readonly silentMs: number },
): (isOver: () => boolean) => Promise<void> {
  const known = new Set<string>();
  return async (isOver) => {
    if (known.size > mostRemembered) known.clear();
    for await (const task of unpublished(store, { models, endedMsAgo: silentMs })) {
      if (isOver()) return;
      const attempt = `${task.id} ${task.attempts}`;
      if (known.has(attempt)) continue;
      known.add(attempt);
      await repairTask(data, store, task).catch(onWarning);
    }
  };
}

async function* unpublished(
  store: PublishStore,
  filter: Parameters<RunStore["tasks"]["unpublished"]>[0],
): AsyncGenerator<TaskRecord, void> {
  for (let after: string | undefined; ; ) {
    const tasks = await store.tasks.unpublished({ ...filter, after });
    yield* tasks;
    after = tasks.at(-1)?.id;
    if (after === undefined) return;
  }
}

/** The attempt that was done is the newest one. False: its outputs are not here, or there are none. */
async function repairTask(data: Depot, store: PublishStore, task: TaskRecord): Promise<boolean> {
  const { id, runId, policyId, attempts: number } = task;
  const outputs = await store.tasks.outputs(runId, policyId);
  const run = await store.runs.get(runId);
  const policy = policyUri(data, run, policyId);
  const [first] = outputs;
  if (first === undefined) return false;
  const folder = attemptFolder(policy, number, first.uri);
  if (folder === undefined || outputs.some(({ uri }) => attemptFolder(policy, number, uri) !== folder)) return false;
  if ((await data.stat(first.uri, { onError: "allow-missing" })) === undefined) return false;
  await publishOutputs(data, store.tasks, { taskId: id, run, policyId, number, folder }, outputs);
  return true;
}
