/** Queues on pg-boss. */
import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../clock.ts";
import type { Database } from "../database/database.ts";
import type { PgBoss } from "../peers.ts";
import { cancelDependents, giveReason } from "./dependents.ts";
import { openBoss } from "./open-boss.ts";
import { Pulse } from "./pulse.ts";
import type { Queue, SendOptions, WorkOptions } from "./queue.ts";
import { checkId, checkName, checkTasks, jobOptions, withoutUndefined } from "./requests.ts";
import { sendJobs } from "./sending.ts";
import { countStates, readEnded, readKnown, readStatuses } from "./status-rows.ts";
import { databaseTime, type SilentOptions, takeOver } from "./take-overs.ts";
import type { RunningTask, TaskData, TaskOptions, TaskRequest, TaskState, TaskStatus } from "./task.ts";
import { untilAnswered } from "./until-answered.ts";
import { Waiting } from "./waiting.ts";
import { Wakefulness } from "./wakefulness.ts";
import { startWorker, type TaskWorker } from "./worker.ts";

export interface OpenQueueOptions extends TaskOptions {
  /** Letters, digits, `-`, `_`, `.`, `/`. Queues of one name in one database are one queue. Default `"tasks"`. */
  readonly name?: string | undefined;
  /**
   * A worker that is silent for so long is dead, and its tasks are somebody else's. Seconds, 1 or more; the same in all processes. Default 10.
   */
  readonly heartbeatSeconds?: number | undefined;
  /** A task whose workers died so often and once more fails: it may be what ends them. Default 5. */
  readonly takeOvers?: number | undefined;
  /** Told of what fails in the background and is tried again, such as a database that is away. Default: nobody. */
  readonly onWarning?: ((error: unknown) => void) | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

/** How often what can never run is looked for, milliseconds: after a worker that died, nobody else would end it. */
const sweepMs = 2_000;
/** How often it is seen that this process stands still, within the time after which a worker counts as dead. */
const ticksWithin = 5;

/** Opens a queue in a database, which stays the caller's. Errors: those of Database, missing-peer, forbidden. */
export async function openQueue(database: Database, options: OpenQueueOptions = {}): Promise<Queue> {
  const { name = "tasks", heartbeatSeconds = 10, takeOvers = 5, ...rest } = options;
  const { onWarning = () => undefined, clock = systemClock, ...task } = rest;
  checkName(name);
  if (!Number.isSafeInteger(heartbeatSeconds) || heartbeatSeconds < 1)
    throw new RangeError("heartbeatSeconds must be a whole number, 1 or more");
  if (!Number.isSafeInteger(takeOvers) || takeOvers < 0) throw new RangeError("takeOvers must be 0 or more");
  // what no task could be sent with is told before the first one
  jobOptions(task);
  const defaults = { retries: task.retries, retrySeconds: task.retrySeconds, timeoutSeconds: task.timeoutSeconds };
  const boss = await openBoss({ database, clock, warn: onWarning, queue: name });
  const silent = { name, silentSeconds: heartbeatSeconds, mostTakeOvers: takeOvers };
  return new BossQueue({ boss, database, name, silent, defaults, warn: onWarning, clock });
}

interface Parts {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly name: string;
  readonly silent: SilentOptions;
  readonly defaults: TaskOptions;
  readonly warn: (error: unknown) => void;
  readonly clock: Clock;
}

type SendOne = TaskOptions & SendOptions & { readonly id?: string | undefined };

class BossQueue implements Queue {
  readonly name: string;
  readonly #parts: Parts;
  readonly #waiting: Waiting;
  /** Of whoever takes tasks, and of whoever waits for them: what is sent here is seen here at once. */
  readonly #pulses: Pulse[] = [];
  readonly #workers = new Set<TaskWorker>();
  readonly #endSweeps: () => void;
  readonly #endTicks: () => void;
  readonly #awake: Wakefulness;
  #sweeping: Promise<void> | undefined;
  #end: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.name = parts.name;
    this.#parts = parts;
    const { database, clock } = parts;
    const pulse = this.#newPulse();
    this.#waiting = new Waiting({
      ...{ clock, pulse },
      readEnded: (ids) => readEnded(database, this.name, ids),
      readKnown: (ids) => readKnown(database, this.name, ids),
    });
    const silentMs = parts.silent.silentSeconds * 1000;
    this.#awake = new Wakefulness(clock, silentMs);
    this.#endTicks = clock.every(Math.min(sweepMs, silentMs / ticksWithin), () => this.#awake.tick());
    this.#endSweeps = clock.every(sweepMs, () => {
      this.#sweeping ??= this.#sweep().finally(() => {
        this.#sweeping = undefined;
      });
    });
  }

  async send(data: TaskData, { id, within, ...options }: SendOne = {}): Promise<string> {
    return (await this.sendAll({ task: { id, data, ...options } }, { within }))["task"] ?? "";
  }

  async sendAll(
    tasks: Readonly<Record<string, TaskRequest>>,
    { within }: SendOptions = {},
  ): Promise<Readonly<Record<string, string>>> {
    const entries = Object.entries(tasks);
    if (entries.length === 0) return {};
    checkTasks(tasks);
    const { boss, defaults, database, clock } = this.#parts;
    // The ids are ours, so that a second try of the same statement cannot make a second task.
    const jobs = entries.map(([ref, { id, data, after = [], ...options }]) => ({
      ...{ ref, data, dependsOn: [...after] },
      id: id === undefined ? randomUUID() : checkId(id),
      options: jobOptions({ ...defaults, ...withoutUndefined(options) }),
    }));
    const isChosen = entries.some(([, { id }]) => id !== undefined);
    await sendJobs({ boss, database, name: this.name, clock }, jobs, { within, isChosen });
    this.#beat();
    return Object.fromEntries(jobs.map(({ ref, id }) => [ref, id]));
  }

  work(
    handler: (task: RunningTask) => Promise<unknown>,
    { concurrency = 1, otherGroups }: WorkOptions = {},
  ): TaskWorker {
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) throw new RangeError("concurrency must be 1 or more");
    if (this.#end !== undefined) throw new TypeError("This queue is closed");
    const { boss, database, clock, warn, silent } = this.#parts;
    const onEnd = async (end: "done" | "failed"): Promise<void> => {
      if (end === "done") await boss.resolveFlow();
      else await this.#sweep();
      this.#beat();
    };
    const pulse = this.#newPulse();
    const inner = startWorker({
      ...{ boss, database, name: this.name, clock, pulse, concurrency, otherGroups, handler, warn, onEnd },
      silentSeconds: silent.silentSeconds,
    });
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
    const { boss, database, clock } = this.#parts;
    if (ids.length === 0) return;
    ids.forEach(checkId);
    await untilAnswered(clock, () => boss.cancel(this.name, [...ids]));
    await untilAnswered(clock, () => giveReason(database, this.name, ids, reason));
    await untilAnswered(clock, () => cancelDependents(database, this.name));
    this.#beat();
  }

  async states(ids: readonly string[]): Promise<ReadonlyMap<string, TaskStatus>> {
    const { database, clock } = this.#parts;
    ids.forEach(checkId);
    const found = await untilAnswered(clock, () => readStatuses(database, this.name, ids));
    return new Map(found.map((status) => [status.id, status]));
  }

  counts(): Promise<Readonly<Record<TaskState, number>>> {
    const { database, clock } = this.#parts;
    return untilAnswered(clock, () => countStates(database, this.name));
  }

  async wait(id: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<TaskStatus> {
    if (this.#end !== undefined) throw new TypeError("This queue is closed");
    return this.#waiting.wait(checkId(id), signal);
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
    this.#endTicks();
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
    await this.#waiting.stop();
    await this.#sweeping;
    await this.#parts.boss.stop({ graceful: false });
  }

  /** Takes over what silent workers ran, and ends what can never run. */
  async #sweep(): Promise<void> {
    const { database, warn, silent } = this.#parts;
    try {
      this.#awake.tick();
      const at = await this.#awake.answered(() => databaseTime(database));
      if (this.#awake.isLong && (await takeOver(database, silent, at)).length > 0) this.#beat();
      await this.#awake.answered(() => cancelDependents(database, this.name));
    } catch (error) {
      this.#awake.away();
      warn(error);
    }
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
