/** Takes tasks and runs them, so many at once; tells the database that they are alive, and what became of them. */
import type { Clock } from "../clock.ts";
import type { Database } from "../database/database.ts";
import type { PgBoss } from "../peers.ts";
import { Beats } from "./beats.ts";
import type { Pulse } from "./pulse.ts";
import { giveBack } from "./take-overs.ts";
import type { RunningTask, TaskData } from "./task.ts";
import { untilAnswered } from "./until-answered.ts";

/** How often a worker says that it lives, and hears that a task was cancelled, at the least, milliseconds. */
const longestBeatMs = 2_000;
/** Beats within the time after which it counts as dead. */
const beatsWithin = 5;

export interface WorkerParts {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly name: string;
  /** Silent for so long, it counts as dead. */
  readonly silentSeconds: number;
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
   * Takes nothing more and waits for what runs. After `graceMs`, without end by default, the signals of what still runs abort, and it is
   * given back for another worker, which costs it no attempt. A second call may shorten the wait.
   */
  stop(options?: { readonly graceMs?: number | undefined }): Promise<void>;
}

interface Active {
  readonly id: string;
  readonly retryCount: number;
  readonly isBlocking: boolean;
  readonly abort: AbortController;
  /** What it does now is nobody's: it was cancelled or given to another worker. */
  isLost: boolean;
  isGivenBack: boolean;
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
  /** Beats while this thread computes. */
  readonly #beats: Beats | undefined;
  readonly #loop: Promise<void>;
  #onFree: (() => void) | undefined;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    const beatMs = Math.min(longestBeatMs, (parts.silentSeconds * 1000) / beatsWithin);
    const { name, warn } = parts;
    const way = parts.database.way?.();
    this.#beats = way === undefined ? undefined : new Beats({ name, way, beatMs, warn });
    this.#endBeats = parts.clock.every(beatMs, () => void this.#beat());
    this.#loop = this.#take();
  }

  async stop({ graceMs }: { readonly graceMs?: number | undefined } = {}): Promise<void> {
    const { clock } = this.#parts;
    this.#stop.abort(new Error("the worker stops"));
    this.#onFree?.();
    await this.#loop;
    const all = Promise.all(this.#running);
    if (graceMs !== undefined) {
      const over = new AbortController();
      await Promise.race([all, clock.sleep(graceMs, over.signal).catch(() => undefined)]);
      over.abort();
      for (const active of this.#active.values()) {
        active.isGivenBack = !active.abort.signal.aborted;
        active.abort.abort(this.#stop.signal.reason);
      }
    }
    await all;
    this.#endBeats();
    await this.#beats?.stop();
  }

  async #take(): Promise<void> {
    const { boss, name, concurrency, otherGroups, pulse, warn } = this.#parts;
    const { signal } = this.#stop;
    let isAway = false;
    while (!signal.aborted) {
      const free = concurrency - this.#running.size;
      let found = 0;
      if (free > 0) {
        try {
          const ignoreGroups = otherGroups?.() ?? [];
          const tasks = await boss.fetch<TaskData>(name, { batchSize: free, includeMetadata: true, ignoreGroups });
          isAway = false;
          found = tasks.length;
          for (const task of tasks) this.#start(task);
        } catch (error) {
          // Away, or changing hands: the next time it is there again. Told once, not with every try.
          if (!isAway) warn(error);
          isAway = true;
        }
      }
      if (this.#running.size >= concurrency && !signal.aborted) await this.#free();
      else if (found === 0) await pulse.wait(signal);
      if (found > 0) pulse.beat();
    }
  }

  /** Until one of those that run has ended, or the worker stops. */
  #free(): Promise<void> {
    return new Promise((resolve) => {
      this.#onFree = resolve;
    });
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
      isGivenBack: false,
    };
    this.#active.set(task.id, active);
    this.#hold();
    const run = this.#run(active, task.data ?? {}, task.expireInSeconds).finally(() => {
      this.#active.delete(task.id);
      this.#hold();
      this.#running.delete(run);
      this.#onFree?.();
      this.#parts.pulse.beat();
    });
    this.#running.add(run);
  }

  async #run(active: Active, data: TaskData, timeoutSeconds: number): Promise<void> {
    const { boss, database, name, clock, handler, onEnd, warn } = this.#parts;
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
        // Told again while the database is away: an attempt can be settled once only, so a second time does nothing.
        if (active.isGivenBack) return await untilAnswered(clock, () => giveBack(database, name, attempt, reason));
        await untilAnswered(clock, () => boss.fail(name, attempt, { value: { reason } }));
        await onEnd("failed");
        return;
      }
      if (active.isLost) return;
      await untilAnswered(clock, () => boss.complete(name, attempt, { value: output ?? null }));
      if (active.isBlocking) await onEnd("done");
    } catch (error) {
      // It falls silent, and is somebody else's in a while.
      warn(error);
    } finally {
      over.abort();
    }
  }

  #hold(): void {
    this.#beats?.hold([...this.#active.values()].map(({ id, retryCount }) => ({ id, retryCount })));
  }

  async #beat(): Promise<void> {
    const all = [...this.#active.values()];
    if (all.length === 0) return;
    try {
      const attempts = all.map(({ id, retryCount }) => ({ id, retryCount }));
      const alive = new Set(await this.#touch(attempts));
      this.#beats?.count();
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
