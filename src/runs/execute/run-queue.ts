/**
 * Brings tasks that are ready to workers. What becomes of a task is said by the database of runs alone; the queue says when to look. For
 * every attempt there is one job, whose id follows from the task and the number of the attempt, so that whoever sends it a second time, or
 * at the same time as somebody else, sends nothing.
 */
import { createHash } from "node:crypto";
import { isEnd, openQueue, type Queue, type TaskData } from "../../queue/index.ts";
import type { ReadyTask, RunStore } from "../store/index.ts";

const queueName = "entrepot-runs";

/** What a job holds. */
export interface Bringing {
  readonly taskId: string;
}

export interface RunQueueOptions {
  /** Wait before the attempt after one that failed, doubled for each further one up to five minutes, seconds. */
  readonly retrySeconds: number;
  readonly onWarning?: ((error: unknown) => void) | undefined;
}

/** Asked after and sent together. */
const tasksAtOnce = 1_000;
/** The longest wait before an attempt, seconds. */
const longestRetrySeconds = 300;

export interface RunQueue {
  readonly queue: Queue;
  /** Sends what is not on its way. */
  send(tasks: readonly ReadyTask[]): Promise<void>;
  /** Of all that is ready, or of one run, what nobody has sent, or what was brought to a worker that died before it began. Gives how many. */
  sendMissing(filter?: {
    readonly runId?: string | undefined;
    readonly models?: readonly string[] | undefined;
  }): Promise<number>;
  close(): Promise<void>;
}

/** In the database of the store. Errors: those of Database, missing-peer, forbidden. */
export async function openRunQueue(
  store: Pick<RunStore, "database" | "tasks">,
  { retrySeconds, onWarning }: RunQueueOptions,
): Promise<RunQueue> {
  const queue = await openQueue(store.database, { name: queueName, onWarning });
  const delayOf = ({ failures }: ReadyTask): number =>
    failures === 0 ? 0 : Math.min(longestRetrySeconds, retrySeconds * 2 ** Math.min(30, failures - 1));
  const sendJobs = async (jobs: readonly { readonly task: ReadyTask; readonly round: number }[]): Promise<void> => {
    if (jobs.length === 0) return;
    await queue.sendAll(
      Object.fromEntries(
        jobs.map(({ task, round }) => [
          task.id,
          {
            id: jobId(task, round),
            data: { taskId: task.id } satisfies Bringing as unknown as TaskData,
            // the next attempt is a job of its own
            retries: 0,
            delaySeconds: round === 0 ? delayOf(task) : 0,
            group: task.model,
          },
        ]),
      ),
    );
  };
  return {
    queue,
    send: (tasks) => sendJobs(tasks.map((task) => ({ task, round: 0 }))),
    async sendMissing(filter = {}) {
      let sent = 0;
      for (let after: string | undefined; ; ) {
        const page = await store.tasks.ready({ ...filter, after, limit: tasksAtOnce });
        const missing = await missingOf(queue, page);
        await sendJobs(missing);
        sent += missing.length;
        after = page.at(-1)?.id;
        if (page.length < tasksAtOnce) return sent;
      }
    },
    close: () => queue.close(),
  };
}

/** Of each task the first round that nobody has sent, where none is on its way. */
async function missingOf(
  queue: Pick<Queue, "states">,
  tasks: readonly ReadyTask[],
): Promise<readonly { readonly task: ReadyTask; readonly round: number }[]> {
  const missing: { readonly task: ReadyTask; readonly round: number }[] = [];
  let open = tasks.map((task) => ({ task, round: 0 }));
  for (; open.length > 0; ) {
    const states = await queue.states(open.map(({ task, round }) => jobId(task, round)));
    const next: typeof open = [];
    for (const { task, round } of open) {
      const job = states.get(jobId(task, round));
      if (job === undefined) missing.push({ task, round });
      else if (isEnd(job.state)) next.push({ task, round: round + 1 });
    }
    open = next;
  }
  return missing;
}

/** A UUID: the same for the same attempt, wherever it is made. */
function jobId({ id, attempts }: ReadyTask, round: number): string {
  const hex = createHash("sha256").update(`${id} ${attempts} ${round}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
