/** Takes tasks and runs them, so many at once; tells the database that they are alive, and what became of them. */
import type { Clock } from "../clock.ts";
import { isConnectionFailure } from "../database/failure.ts";
import type { PgBoss } from "../peers.ts";
import type { Pulse } from "./pulse.ts";
import type { RunningTask, TaskData } from "./task.ts";

/** How often a worker says that it lives, and hears that a task was cancelled, milliseconds. */
const beatMs = 2_000;
/** How long what became of a task is tried to be told when the database is away, milliseconds. */
const settleMs = 60_000;
const settlePauseMs = 200;

export interface WorkerParts {
  readonly boss: PgBoss;
  readonly name: string;
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly concurrency: number;
  readonly otherGroups?: (() => readonly string[]) | undefined;
  readonly handler: (task: RunningTask) => Promise<unknown>;
  readonly warn: (error: unknown) => void;
  /** A task that others wait for has ended. */
  readonly onEnd: (end: "done" | "failed") => Promise<void>;
}

/** Work that goes on until it is stopped. */
export interface TaskWorker {
  /**
   * Takes nothing more and waits for what runs. After `graceMs`, without end by default, the signals of what still runs abort and it is
   * given back for another worker.
   */
  stop(options?: { readonly graceMs?: number | undefined }): Promise<void>;
}

interface Active {
  readonly id: string;
  readonly retryCount: number;
  readonly isBlocking: boolean;
  readonly abort: AbortController;
  isLost: boolean;
}

export function startWorker(parts: WorkerParts): TaskWorker {
  const worker = new Worker(parts);
  return { stop: (options) => worker.stop(options) };
}

class Worker {
  readonly #parts: WorkerParts;
  readonly #active = new Map<string, Active>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #endBeats: () => void;
  readonly #loop: Promise<void>;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#endBeats = parts.clock.every(beatMs, () => void this.#beat());
    this.#loop = this.#take();
  }

  async stop({ graceMs }: { readonly graceMs?: number | undefined } = {}): Promise<void> {
    const { clock } = this.#parts;
    this.#stop.abort(new Error("the worker stops"));
    await this.#loop;
    const all = Promise.all(this.#running);
    if (graceMs === undefined) await all;
    else {
      const over = new AbortController();
      await Promise.race([all, clock.sleep(graceMs, over.signal).catch(() => undefined)]);
      over.abort();
      for (const { abort } of this.#active.values()) abort.abort(this.#stop.signal.reason);
      await Promise.all(this.#running);
    }
    this.#endBeats();
  }

  async #take(): Promise<void> {
    const { boss, name, concurrency, otherGroups, pulse, warn } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const free = concurrency - this.#running.size;
      let found = 0;
      if (free > 0) {
        try {
          const ignoreGroups = otherGroups?.() ?? [];
          const tasks = await boss.fetch<TaskData>(name, { batchSize: free, includeMetadata: true, ignoreGroups });
          found = tasks.length;
          for (const task of tasks) this.#start(task);
        } catch (error) {
          // Away, or changing hands: the next time it is there again.
          warn(error);
        }
      }
      if (this.#running.size >= concurrency) await Promise.race(this.#running);
      else if (found === 0) await pulse.wait(signal);
      if (found > 0) pulse.beat();
    }
  }

  #start(task: {
    readonly id: string;
    readonly data: TaskData | null;
    readonly retryCount: number;
    readonly expireInSeconds: number;
    readonly blocking?: boolean;
  }): void {
    const active: Active = {
      id: task.id,
      retryCount: task.retryCount,
      isBlocking: task.blocking === true,
      abort: new AbortController(),
      isLost: false,
    };
    this.#active.set(task.id, active);
    const run = this.#run(active, task.data ?? {}, task.expireInSeconds).finally(() => {
      this.#active.delete(task.id);
      this.#running.delete(run);
      this.#parts.pulse.beat();
    });
    this.#running.add(run);
  }

  async #run(active: Active, data: TaskData, timeoutSeconds: number): Promise<void> {
    const { boss, name, clock, handler, onEnd, warn } = this.#parts;
    const { signal } = active.abort;
    const over = new AbortController();
    clock.sleep(timeoutSeconds * 1000, over.signal).then(
      () => active.abort.abort(new Error(`it took longer than ${timeoutSeconds} s`)),
      () => undefined,
    );
    try {
      const attempt = { id: active.id, retryCount: active.retryCount };
      let output: unknown;
      try {
        const task = { id: active.id, data, attempt: active.retryCount + 1, signal };
        output = await Promise.race([handler(task), aborted(signal)]);
      } catch (error) {
        if (active.isLost) return;
        const reason = error instanceof Error ? error.message : String(error);
        await this.#settled(() => boss.fail(name, attempt, { value: { reason } }));
        await onEnd("failed");
        return;
      }
      if (active.isLost) return;
      await this.#settled(() => boss.complete(name, attempt, { value: output ?? null }));
      if (active.isBlocking) await onEnd("done");
    } catch (error) {
      // It falls silent, and is somebody else's in a while.
      warn(error);
    } finally {
      over.abort();
    }
  }

  /** Told again while the database is away: an attempt can be settled once only, so a second time does nothing. */
  async #settled(tell: () => Promise<unknown>): Promise<void> {
    const { clock } = this.#parts;
    const untilMs = clock.now() + settleMs;
    for (;;) {
      try {
        await tell();
        return;
      } catch (error) {
        if (!isConnectionFailure(error) || clock.now() > untilMs) throw error;
        await clock.sleep(settlePauseMs);
      }
    }
  }

  async #beat(): Promise<void> {
    const all = [...this.#active.values()];
    if (all.length === 0) return;
    try {
      const attempts = all.map(({ id, retryCount }) => ({ id, retryCount }));
      const alive = new Set(await this.#touch(attempts));
      for (const active of all) {
        if (alive.has(active.id) || !this.#active.has(active.id)) continue;
        active.isLost = true;
        active.abort.abort(new Error("the task was cancelled, or given to another worker"));
      }
    } catch (error) {
      this.#parts.warn(error);
    }
  }

  /** Gives the ids of those that are still ours. */
  async #touch(attempts: readonly { readonly id: string; readonly retryCount: number }[]): Promise<readonly string[]> {
    const touched = (await this.#parts.boss.touch(this.#parts.name, [...attempts])) as {
      readonly affected?: number;
      readonly settled?: readonly string[] | null;
    };
    // Without ids it cannot be told which one is lost; in doubt none is, and the end of the attempt is refused in any case.
    return touched.settled ?? (touched.affected === 0 ? [] : attempts.map(({ id }) => id));
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
