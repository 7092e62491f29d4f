/** Takes what the queue brings, has it executed, tells the database what became of it, and looks after what dead workers left. */
import { hostname } from "node:os";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { type RunningTask, type TaskWorker, Wakefulness } from "../../queue/index.ts";
import type { Attempt, AttemptToken, Ended, ReadyTask, TaskRecord } from "../store/index.ts";
import { type ExecutionParts, executeAttempt } from "./execute-attempt.ts";
import { outputRepairs, publishOutputs } from "./publish-outputs.ts";
import type { Bringing, RunQueue } from "./run-queue.ts";
import type { Stop } from "./while-wanted.ts";
import type { RunTaskEvent, RunWorker, RunWorkerOptions } from "./worker-options.ts";

interface Active {
  readonly attempt: Attempt;
  readonly stop: AbortController;
}

export class Worker implements RunWorker {
  readonly stopped: Promise<void>;
  readonly #options: RunWorkerOptions & { readonly slots: number; readonly silentMs: number };
  readonly #execution: ExecutionParts;
  readonly #queue: RunQueue;
  readonly #name: string;
  readonly #active = new Map<AttemptToken, Active>();
  /** Attempts from before they begin until what became of them is told; none of them fails. */
  readonly #executions = new Set<Promise<unknown>>();
  /** Pointers that are being written. */
  readonly #publishing = new Set<Promise<void>>();
  /** Models of other workers, by what the database knew when it was last asked. */
  #others: readonly string[] = [];
  #taking: TaskWorker | undefined;
  #endBeats: () => void = () => undefined;
  #beating: Promise<void> | undefined;
  #caring: Promise<void> | undefined;
  /** Of this process, and of the database for it. */
  #awake: Wakefulness;
  readonly #repair: ReturnType<typeof outputRepairs>;
  /** Since when each free slot is free. */
  readonly #freeMs: number[];
  #stopping: Promise<void> | undefined;
  /** A job was taken while it stopped. */
  #leftBehind = false;
  #tellStopped: () => void = () => undefined;
  readonly #onAbort = (): void => void this.stop();

  constructor(
    options: RunWorkerOptions & { readonly slots: number; readonly silentMs: number },
    execution: ExecutionParts,
    queue: RunQueue,
  ) {
    this.#options = options;
    this.#execution = execution;
    this.#queue = queue;
    this.#awake = new Wakefulness(execution.clock, options.silentMs);
    this.#repair = outputRepairs(execution, options);
    this.#name = options.name ?? `${hostname()}:${process.pid}`;
    this.#freeMs = Array.from({ length: options.slots }, () => execution.clock.now());
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get running(): number {
    return this.#active.size;
  }

  async begin(): Promise<void> {
    const { slots } = this.#options;
    await this.#learnOthers();
    await this.#queue.sendMissing({ models: this.#options.models });
    this.#taking = this.#queue.queue.work((task) => this.#bring(task), {
      concurrency: slots,
      otherGroups: () => this.#others,
    });
    this.#beatOn();
  }

  /** This task, once, without the queue. */
  one(task: TaskRecord): Promise<TaskRecord> {
    this.#beatOn();
    return this.#waitedFor(this.#one(task));
  }

  async #one({ id }: TaskRecord): Promise<TaskRecord> {
    const { store, silentMs } = this.#options;
    const attempt = await store.tasks.begin(id, { worker: this.#name, silentMs });
    if (attempt === undefined) {
      const { state } = await store.tasks.get(id);
      // ready: whoever had it has just given it back
      const isBusy = state === "running" || state === "ready";
      throw new EntrepotError(isBusy ? "busy" : "precondition-failed", `the task is ${state}`, {
        hint: "a task that waits goes on after its baseline; one that has ended runs again by entrepot runs retry",
      });
    }
    await this.#execute(attempt, this.#freeMs[0] ?? 0);
    return store.tasks.get(id);
  }

  #beatOn(): void {
    this.#awake = new Wakefulness(this.#execution.clock, this.#options.silentMs);
    this.#endBeats = this.#execution.clock.every(this.#options.silentMs / 5, () => {
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
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    for (const { stop } of this.#active.values()) stop.abort("released" satisfies Stop);
    await this.#taking?.stop();
    // also those of jobs that the queue has lost: they beat and have their grace until they have ended
    await Promise.all(this.#executions);
    this.#endBeats();
    await this.#beating;
    await this.#caring;
    if (this.#leftBehind)
      await this.#queue.sendMissing({ models: this.#options.models }).catch(this.#execution.onWarning);
    await Promise.all(this.#publishing);
    await this.#queue.close();
    await this.#execution.guard.close();
  }

  /** A job of the queue: the task that it brings may be anybody's by now. */
  async #bring(job: RunningTask): Promise<string> {
    const { taskId } = job.data as unknown as Bringing;
    // a job that the queue has lost leaves a program that still runs
    while (this.#executions.size >= this.#options.slots) await Promise.race(this.#executions);
    return this.#waitedFor(this.#begun(taskId));
  }

  async #begun(taskId: string): Promise<string> {
    const { store, silentMs, models } = this.#options;
    const waitedFromMs = this.#freeMs.shift() ?? this.#execution.clock.now();
    try {
      if (this.#stopping !== undefined) {
        this.#leftBehind = true;
        return "the worker stops";
      }
      if (models !== undefined && !models.includes(await this.#modelOf(taskId))) {
        // of a model that was added since: a worker that may execute it finds it missing
        await this.#learnOthers();
        return "of a model of others";
      }
      const attempt = await store.tasks.begin(taskId, { worker: this.#name, silentMs });
      if (attempt === undefined) return "nothing to do";
      await this.#execute(attempt, waitedFromMs);
      return "executed";
    } catch (error) {
      // a run that was deleted
      if (isEntrepotError(error, "not-found")) return "gone";
      throw error;
    } finally {
      this.#freeMs.push(this.#execution.clock.now());
    }
  }

  async #modelOf(taskId: string): Promise<string> {
    const { runId } = await this.#options.store.tasks.get(taskId);
    return (await this.#execution.source.run(runId)).run.model;
  }

  /** It has a slot, and who stops the worker waits for it. */
  #waitedFor<T>(execution: Promise<T>): Promise<T> {
    const over: Promise<unknown> = execution.catch(() => undefined).finally(() => this.#executions.delete(over));
    this.#executions.add(over);
    return execution;
  }

  async #execute(attempt: Attempt, waitedFromMs: number): Promise<void> {
    const { clock, onWarning } = this.#execution;
    const { token, runId, policyId, number } = attempt;
    const { store } = this.#options;
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
          this.#tell({ ...told, type: "started", pid, waitedMs: startedMs - waitedFromMs });
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
      this.#tell({ ...told, type: "ended", state: ended?.task.state, reason: ended?.task.reason, ms, recordedMs });
    } finally {
      this.#active.delete(token);
    }
  }

  /** What a listener throws is no matter of the attempt. */
  #tell(event: RunTaskEvent): void {
    try {
      this.#options.onTask?.(event);
    } catch (error) {
      this.#execution.onWarning(error);
    }
  }

  /** Sends what may run now. What is not sent here, since the worker dies or the database is away, is found missing later. */
  async #follow({ task, willRetry, dependents }: Ended): Promise<void> {
    const ready = [...(willRetry ? [task] : []), ...dependents.filter(({ state }) => state === "ready")];
    if (ready.length === 0) return;
    const { run } = await this.#execution.source.run(task.runId);
    // what is ready there, its service is sent a job for
    if (run.service !== undefined) return;
    await this.#queue.send(ready.map((each): ReadyTask => ({ ...each, model: run.model })));
  }

  #publish(attempt: Attempt, outputs: Parameters<typeof publishOutputs>[3]): void {
    const { data, source, onWarning } = this.#execution;
    const publishing = source
      .run(attempt.runId)
      .then(({ run }) => publishOutputs(data, this.#options.store.tasks, { ...attempt, run }, outputs))
      .catch(onWarning)
      .finally(() => this.#publishing.delete(publishing));
    this.#publishing.add(publishing);
  }

  /** Says that its attempts live, and ends those that are nobody's concern any more. What may take longer holds no beat up. */
  async #beat(): Promise<void> {
    const { store } = this.#options;
    try {
      const tokens = [...this.#active.keys()];
      const alive = await store.tasks.alive(tokens);
      for (const token of tokens) if (!alive.has(token)) this.#active.get(token)?.stop.abort("fenced" satisfies Stop);
      this.#awake.tick();
    } catch (error) {
      this.#awake.away();
      return this.#execution.onWarning(error);
    }
    if (this.#stopping !== undefined) return;
    this.#caring ??= this.#care().finally(() => {
      this.#caring = undefined;
    });
  }

  /** Looks after what dead workers left. */
  async #care(): Promise<void> {
    const { store, silentMs, slots, models } = this.#options;
    try {
      if (this.#awake.isLong) for (const ended of await store.tasks.sweep({ silentMs })) await this.#follow(ended);
      if (models !== undefined) await this.#learnOthers();
      await this.#repair(() => this.#stopping !== undefined);
      if (this.#taking !== undefined && this.#active.size < slots) await this.#queue.sendMissing({ models });
    } catch (error) {
      this.#awake.away();
      this.#execution.onWarning(error);
    }
  }

  async #learnOthers(): Promise<void> {
    const { store, models } = this.#options;
    if (models === undefined) return;
    this.#others = (await store.models.list()).map(({ name }) => name).filter((name) => !models.includes(name));
  }
}
