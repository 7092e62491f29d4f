/** Executes the tasks of runs, so many at a time, until it is stopped. */
import { hostname } from "node:os";
import type { Depot, LocalPath } from "../../depot/index.ts";
import { openProgramGuard } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError, mistakeIn } from "../../error/index.ts";
import { type RunningTask, systemClock, type TaskWorker } from "../../queue/index.ts";
import type { Attempt, AttemptToken, Ended, ReadyTask, RunStore, RunTaskState } from "../store/index.ts";
import { policyUri, publishPointer } from "./attempt-outputs.ts";
import { type ExecutionParts, executeAttempt, type Stop, workFolder } from "./execute-attempt.ts";
import { type Bringing, openRunQueue, type RunQueue } from "./run-queue.ts";
import { taskSource } from "./task-source.ts";

export interface RunWorkerOptions {
  /** The database of runs; stays open. */
  readonly store: RunStore;
  /** Tasks at a time. Default 1. */
  readonly slots?: number | undefined;
  /** Only tasks of these models. Default: of all. */
  readonly models?: readonly string[] | undefined;
  /** Between SIGTERM and SIGKILL of a program that is to end, milliseconds. Default 5,000. */
  readonly graceMs?: number | undefined;
  /** Wait before the attempt after one that failed, doubled for each further one up to five minutes, seconds. Default 1. */
  readonly retrySeconds?: number | undefined;
  /** A worker that is silent for so long is dead, milliseconds, 1,000 or more; the same for all workers. Default 10,000. */
  readonly silentMs?: number | undefined;
  /** Where programs find their files, each attempt in a folder of its own. Default: that of temporary files. */
  readonly workDir?: LocalPath | undefined;
  /** How it is called in the runs. Default: host and process. */
  readonly name?: string | undefined;
  /** What programs have in their environment, without the way to the database. Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
  /** Told when an attempt begins and when it has ended. */
  readonly onTask?: ((event: RunTaskEvent) => void) | undefined;
  /** Told of what fails beside the tasks and is tried again, such as a database that is away. Default: nobody. */
  readonly onWarning?: ((error: unknown) => void) | undefined;
}

export type RunTaskEvent = {
  readonly runId: string;
  readonly policyId: string;
  readonly attempt: number;
} & (
  | {
      readonly type: "started";
      readonly pid: number /** Between its slot being free and the start of the program. */;
      readonly waitedMs: number;
    }
  | {
      readonly type: "ended";
      /** What the task is now; `undefined`: the attempt was not listened to any more. */
      readonly state: RunTaskState | undefined;
      readonly reason: string | undefined;
      /** From the start of the program to its end. */
      readonly ms: number;
      /** From there until the end was recorded. */
      readonly recordedMs: number;
    }
);

export interface RunWorker extends AsyncDisposable {
  /** Programs that run. */
  readonly running: number;
  /**
   * Takes nothing more, ends its programs (SIGTERM, and SIGKILL after `graceMs`) and gives their tasks back, for another worker and without
   * an attempt less. A second call waits for the first.
   */
  stop(): Promise<void>;
  /** Resolves when it has stopped, on whoever's wish. */
  readonly stopped: Promise<void>;
}

const optionNames: ReadonlySet<string> = new Set<keyof RunWorkerOptions>([
  "store",
  "slots",
  "models",
  "graceMs",
  "retrySeconds",
  "silentMs",
  "workDir",
  "name",
  "env",
  "signal",
  "onTask",
  "onWarning",
]);

/**
 * Takes tasks of the runs of a database and executes them by the worker contract. Resolves when it takes tasks. Errors: those of Database,
 * missing-peer, forbidden; not-found for a model that there is none of.
 */
export async function runWorker(data: Depot, options: RunWorkerOptions): Promise<RunWorker> {
  const mistake = mistakeIn("runWorker()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  const { store, slots = 1, models, retrySeconds = 1, silentMs = 10_000, graceMs = 5_000 } = options;
  checkWhole("slots", slots, 1);
  checkWhole("retrySeconds", retrySeconds, 0);
  checkWhole("silentMs", silentMs, 1_000);
  checkWhole("graceMs", graceMs, 0);
  for (const model of models ?? []) await store.models.get(model);
  const { onWarning = () => undefined, env = process.env } = options;
  const queue = await openRunQueue(store, { retrySeconds, onWarning });
  const guard = await openProgramGuard();
  const execution: ExecutionParts = {
    ...{ data, store, guard, env, graceMs, onWarning },
    source: taskSource(store),
    clock: systemClock,
    workDir: workFolder(options.workDir),
  };
  const worker = new Worker({ ...options, slots, silentMs }, execution, queue);
  options.signal?.addEventListener("abort", () => void worker.stop(), { once: true });
  await worker.begin();
  if (options.signal?.aborted === true) await worker.stop();
  return worker;
}

interface Active {
  readonly attempt: Attempt;
  readonly stop: AbortController;
}

class Worker implements RunWorker {
  readonly stopped: Promise<void>;
  readonly #options: RunWorkerOptions & { readonly slots: number; readonly silentMs: number };
  readonly #execution: ExecutionParts;
  readonly #queue: RunQueue;
  readonly #name: string;
  readonly #active = new Map<AttemptToken, Active>();
  /** Pointers that are being written. */
  readonly #publishing = new Set<Promise<void>>();
  /** Models of other workers, by what the database knew when it was last asked. */
  #others: readonly string[] = [];
  #taking: TaskWorker | undefined;
  #endBeats: () => void = () => undefined;
  #beating: Promise<void> | undefined;
  /** When the database was last away. */
  #awayMs: number | undefined;
  #freeMs: number;
  #stopping: Promise<void> | undefined;
  #tellStopped: () => void = () => undefined;

  constructor(
    options: RunWorkerOptions & { readonly slots: number; readonly silentMs: number },
    execution: ExecutionParts,
    queue: RunQueue,
  ) {
    this.#options = options;
    this.#execution = execution;
    this.#queue = queue;
    this.#name = options.name ?? `${hostname()}:${process.pid}`;
    this.#freeMs = execution.clock.now();
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
  }

  get running(): number {
    return this.#active.size;
  }

  async begin(): Promise<void> {
    const { slots, silentMs } = this.#options;
    await this.#learnOthers();
    await this.#queue.sendMissing({ models: this.#options.models });
    this.#taking = this.#queue.queue.work((task) => this.#bring(task), {
      concurrency: slots,
      otherGroups: () => this.#others,
    });
    this.#endBeats = this.#execution.clock.every(silentMs / 5, () => {
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = undefined;
      });
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => this.#tellStopped());
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    for (const { stop } of this.#active.values()) stop.abort("released" satisfies Stop);
    await this.#taking?.stop();
    this.#endBeats();
    await this.#beating;
    await Promise.all(this.#publishing);
    await this.#queue.close();
    await this.#execution.guard.close();
  }

  /** A job of the queue: the task that it brings may be anybody's by now. */
  async #bring(job: RunningTask): Promise<string> {
    const { taskId } = job.data as unknown as Bringing;
    const { store, silentMs } = this.#options;
    const waitedFromMs = this.#freeMs;
    try {
      if (this.#stopping !== undefined) return "the worker stops";
      const attempt = await store.tasks.begin(taskId, { worker: this.#name, silentMs });
      if (attempt === undefined) return "nothing to do";
      await this.#execute(attempt, waitedFromMs);
      return "executed";
    } catch (error) {
      // a run that was deleted
      if (isEntrepotError(error, "not-found")) return "gone";
      throw error;
    } finally {
      this.#freeMs = this.#execution.clock.now();
    }
  }

  async #execute(attempt: Attempt, waitedFromMs: number): Promise<void> {
    const { clock, onWarning } = this.#execution;
    const { token, runId, policyId, number } = attempt;
    const { store, onTask } = this.#options;
    const stop = new AbortController();
    this.#active.set(token, { attempt, stop });
    if (this.#stopping !== undefined) stop.abort("released" satisfies Stop);
    let [startedMs, endedMs] = [clock.now(), clock.now()];
    const told = { runId, policyId, attempt: number };
    try {
      const outcome = await executeAttempt(this.#execution, attempt, {
        stop: stop.signal,
        onFenced: () => stop.abort("fenced" satisfies Stop),
        onStarted: (pid) => {
          startedMs = clock.now();
          onTask?.({ ...told, type: "started", pid, waitedMs: startedMs - waitedFromMs });
        },
        onEnded: () => {
          endedMs = clock.now();
        },
      });
      const ended = outcome && (await store.tasks.end(token, outcome));
      const [ms, recordedMs] = [endedMs - startedMs, clock.now() - endedMs];
      this.#active.delete(token);
      if (ended !== undefined) await this.#follow(ended).catch(onWarning);
      if (ended !== undefined && outcome?.state === "done") this.#publish(attempt, outcome.outputs ?? []);
      onTask?.({ ...told, type: "ended", state: ended?.task.state, reason: ended?.task.reason, ms, recordedMs });
    } finally {
      this.#active.delete(token);
    }
  }

  /** Sends what may run now. What is not sent here, since the worker dies or the database is away, is found missing later. */
  async #follow({ task, willRetry, dependents }: Ended): Promise<void> {
    const ready = [...(willRetry ? [task] : []), ...dependents.filter(({ state }) => state === "ready")];
    if (ready.length === 0) return;
    const { run } = await this.#execution.source.run(task.runId);
    await this.#queue.send(ready.map((each): ReadyTask => ({ ...each, model: run.model })));
  }

  #publish({ runId, policyId, number }: Attempt, outputs: Parameters<typeof publishPointer>[2]["outputs"]): void {
    const { data, source, onWarning } = this.#execution;
    const publishing = (async () => {
      const { run } = await source.run(runId);
      const pointer = { runId, policyId, attempt: number, outputs };
      await publishPointer(data, policyUri(data, run, policyId), pointer);
    })()
      .catch(onWarning)
      .finally(() => this.#publishing.delete(publishing));
    this.#publishing.add(publishing);
  }

  /** Says that its attempts live, ends those that are nobody's concern any more, and looks after what dead workers left. */
  async #beat(): Promise<void> {
    const { store, silentMs, slots } = this.#options;
    const { clock, onWarning } = this.#execution;
    const beganMs = clock.now();
    try {
      const tokens = [...this.#active.keys()];
      const alive = await store.tasks.alive(tokens);
      for (const token of tokens) if (!alive.has(token)) this.#active.get(token)?.stop.abort("fenced" satisfies Stop);
      if (this.#stopping !== undefined) return;
      // after a database that was away every worker is silent: they have the time to speak first
      if (clock.now() - beganMs > silentMs / 2) this.#awayMs = clock.now();
      if (this.#awayMs !== undefined && clock.now() - this.#awayMs < silentMs) return;
      for (const ended of await store.tasks.sweep({ silentMs })) await this.#follow(ended);
      if (this.#options.models !== undefined) await this.#learnOthers();
      if (this.#active.size < slots) await this.#queue.sendMissing({ models: this.#options.models });
    } catch (error) {
      this.#awayMs = clock.now();
      onWarning(error);
    }
  }

  async #learnOthers(): Promise<void> {
    const { store, models } = this.#options;
    if (models === undefined) return;
    this.#others = (await store.models.list()).map(({ name }) => name).filter((name) => !models.includes(name));
  }
}

function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new EntrepotError("misconfigured", `${name} of a worker must be a whole number, ${least} or more`, {
      hint: `leave ${name} out for its default`,
    });
}
