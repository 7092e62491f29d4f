/** Queues on pg-boss. */
import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../clock.ts";
import type { Database } from "../database/database.ts";
import type { PgBoss } from "../peers.ts";
import { cancelDependents, giveReason } from "./dependents.ts";
import { openBoss } from "./open-boss.ts";
import { Pulse } from "./pulse.ts";
import type { Queue, WorkOptions } from "./queue.ts";
import { checkName, checkTasks, jobOptions } from "./requests.ts";
import { countStates, readEnded, readStatuses } from "./status-rows.ts";
import type { RunningTask, TaskData, TaskOptions, TaskRequest, TaskState, TaskStatus } from "./task.ts";
import { Waiting } from "./waiting.ts";
import { startWorker, type TaskWorker } from "./worker.ts";

export interface OpenQueueOptions extends TaskOptions {
  /** Letters, digits, `-`, `_`, `.`, `/`. Queues of one name in one database are one queue. Default `"tasks"`. */
  readonly name?: string | undefined;
  /** A worker that is silent for so long is dead, and its tasks are somebody else's. Seconds, 10 or more. Default 10. */
  readonly heartbeatSeconds?: number | undefined;
  /** Told of what fails in the background and is tried again, such as a database that is away. Default: nobody. */
  readonly onWarning?: ((error: unknown) => void) | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

/** How often what can never run is looked for, milliseconds: after a worker that died, nobody else would end it. */
const sweepMs = 2_000;

/** Opens a queue in a database, which stays the caller's. Errors: those of Database, missing-peer, forbidden. */
export async function openQueue(database: Database, options: OpenQueueOptions = {}): Promise<Queue> {
  const { name = "tasks", heartbeatSeconds = 10, onWarning = () => undefined, clock = systemClock, ...task } = options;
  checkName(name);
  if (!Number.isSafeInteger(heartbeatSeconds) || heartbeatSeconds < 10)
    throw new RangeError("heartbeatSeconds must be a whole number, 10 or more");
  const boss = await openBoss({ database, clock, warn: onWarning });
  const defaults = { retries: task.retries, retrySeconds: task.retrySeconds, timeoutSeconds: task.timeoutSeconds };
  // One that is there keeps what it was made with; each task carries its own.
  await boss.createQueue(name, { heartbeatSeconds });
  return new BossQueue({ boss, database, name, heartbeatSeconds, defaults, warn: onWarning, clock });
}

interface Parts {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly name: string;
  readonly heartbeatSeconds: number;
  readonly defaults: TaskOptions;
  readonly warn: (error: unknown) => void;
  readonly clock: Clock;
}

class BossQueue implements Queue {
  readonly name: string;
  readonly #parts: Parts;
  readonly #waiting: Waiting;
  /** Of whoever takes tasks, and of whoever waits for them: what is sent here is seen here at once. */
  readonly #pulses: Pulse[] = [];
  readonly #workers = new Set<TaskWorker>();
  readonly #endSweeps: () => void;
  #sweeping: Promise<void> | undefined;
  #end: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.name = parts.name;
    this.#parts = parts;
    const { database, clock } = parts;
    const pulse = this.#newPulse();
    this.#waiting = new Waiting({ clock, pulse, readEnded: (ids) => readEnded(database, this.name, ids) });
    this.#endSweeps = clock.every(sweepMs, () => {
      this.#sweeping ??= this.#sweep().finally(() => {
        this.#sweeping = undefined;
      });
    });
  }

  async send(data: TaskData, options: TaskOptions = {}): Promise<string> {
    // The id is ours, so that a second try of the same statement cannot make a second task.
    const id = randomUUID();
    const { boss, defaults, heartbeatSeconds } = this.#parts;
    await boss.send(this.name, data, { id, heartbeatSeconds, ...jobOptions({ ...defaults, ...options }) });
    this.#beat();
    return id;
  }

  async sendAll(tasks: Readonly<Record<string, TaskRequest>>): Promise<Readonly<Record<string, string>>> {
    const entries = Object.entries(tasks);
    if (entries.length === 0) return {};
    checkTasks(tasks);
    const { boss, defaults, heartbeatSeconds } = this.#parts;
    const jobs = entries.map(([ref, { id = randomUUID(), data, after = [], ...options }]) => ({
      ref,
      id,
      data,
      dependsOn: [...after],
      options: { heartbeatSeconds, ...jobOptions({ ...defaults, ...options }) },
    }));
    // pg-boss takes as a flow only what has an order.
    if (jobs.every(({ dependsOn }) => dependsOn.length === 0))
      await boss.insert(
        this.name,
        jobs.map(({ id, data, options }) => ({ id, data, ...options })),
      );
    else
      await boss.flow(
        jobs.map(({ id, options, ...job }) => ({ ...job, name: this.name, options: { id, ...options } })),
      );
    this.#beat();
    return Object.fromEntries(jobs.map(({ ref, id }) => [ref, id]));
  }

  work(
    handler: (task: RunningTask) => Promise<unknown>,
    { concurrency = 1, otherGroups }: WorkOptions = {},
  ): TaskWorker {
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) throw new RangeError("concurrency must be 1 or more");
    if (this.#end !== undefined) throw new TypeError("This queue is closed");
    const { boss, clock, warn } = this.#parts;
    const onEnd = async (end: "done" | "failed"): Promise<void> => {
      if (end === "done") await boss.resolveFlow();
      else await this.#sweep();
      this.#beat();
    };
    const pulse = this.#newPulse();
    const inner = startWorker({ boss, name: this.name, clock, pulse, concurrency, otherGroups, handler, warn, onEnd });
    const worker: TaskWorker = {
      stop: async (options) => {
        await inner.stop(options);
        this.#workers.delete(worker);
      },
    };
    this.#workers.add(worker);
    return worker;
  }

  async cancel(ids: readonly string[], reason = "cancelled"): Promise<void> {
    const { boss, database } = this.#parts;
    if (ids.length === 0) return;
    await boss.cancel(this.name, [...ids]);
    await giveReason(database, this.name, ids, reason);
    await cancelDependents(database, this.name);
    this.#beat();
  }

  async states(ids: readonly string[]): Promise<ReadonlyMap<string, TaskStatus>> {
    const found = await readStatuses(this.#parts.database, this.name, ids);
    return new Map(found.map((status) => [status.id, status]));
  }

  counts(): Promise<Readonly<Record<TaskState, number>>> {
    return countStates(this.#parts.database, this.name);
  }

  wait(id: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<TaskStatus> {
    if (this.#end !== undefined) return Promise.reject(new TypeError("This queue is closed"));
    return this.#waiting.wait(id, signal);
  }

  close(): Promise<void> {
    this.#end ??= this.#close();
    return this.#end;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#endSweeps();
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
    await this.#waiting.stop();
    await this.#sweeping;
    await this.#parts.boss.stop({ graceful: false });
  }

  async #sweep(): Promise<void> {
    const { database, warn } = this.#parts;
    await cancelDependents(database, this.name).catch(warn);
  }

  #newPulse(): Pulse {
    const pulse = new Pulse(this.#parts.clock);
    this.#pulses.push(pulse);
    return pulse;
  }

  #beat(): void {
    for (const pulse of this.#pulses) pulse.beat();
  }
}
