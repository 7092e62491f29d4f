/** Threads that are started when they are first needed, each with one task at a time. */
import type { Worker } from "node:worker_threads";
import { EntrepotError } from "../../../error/index.ts";
import type { ThreadOutcome, ThreadTask } from "./flow-thread.ts";

export interface PoolOptions {
  readonly most: number;
  readonly start: () => Worker;
  /** Told of what a thread threw after its task, such as from a timer that a node left behind. */
  readonly warn: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Tasks that it has finished. */
  finished: number;
  /** What it threw, if it did. */
  error: unknown;
}

interface Queued {
  give(thread: Thread): void;
  reject(reason: unknown): void;
}

/** What became of a thread that did not answer. */
class ThreadEnd {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

export class ThreadPool {
  readonly #options: PoolOptions;
  readonly #idle: Thread[] = [];
  readonly #all = new Set<Thread>();
  readonly #queued = new Set<Queued>();
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * An aborted task takes its thread with it: nothing else ends what computes. When a thread ends that ran others before, one of those may
   * be why, and the task runs once more in a new one. Rejects with `signal.reason`, with what ended the thread, and after `close`.
   */
  async run(task: ThreadTask, signal: AbortSignal): Promise<ThreadOutcome> {
    for (;;) {
      const thread = await this.#take(signal);
      const isFirst = thread.finished === 0;
      let outcome: ThreadOutcome | ThreadEnd;
      try {
        outcome = await answerOf(thread.worker, task, signal);
      } catch (error) {
        await this.#drop(thread);
        throw error;
      }
      if (!(outcome instanceof ThreadEnd)) {
        this.#giveBack(thread);
        return outcome;
      }
      await this.#drop(thread);
      if (this.#isClosed) throw closed();
      if (isFirst) throw outcome.error;
      this.#options.warn(outcome.error);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#queued) reject(closed());
    this.#queued.clear();
    await Promise.all([...this.#all].map(({ worker }) => worker.terminate()));
  }

  #take(signal: AbortSignal): Promise<Thread> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(closed());
      if (signal.aborted) return reject(signal.reason);
      const thread = this.#idle.pop() ?? (this.#all.size < this.#options.most ? this.#start() : undefined);
      if (thread !== undefined) return resolve(thread);
      const onAbort = (): void => queued.reject(signal.reason);
      const leave = (): void => {
        this.#queued.delete(queued);
        signal.removeEventListener("abort", onAbort);
      };
      const queued: Queued = {
        give: (given) => {
          leave();
          resolve(given);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      this.#queued.add(queued);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #start(): Thread {
    const thread: Thread = { worker: this.#options.start(), finished: 0, error: undefined };
    this.#all.add(thread);
    // Unheard, what a thread throws would end this process.
    thread.worker.on("error", (error) => {
      thread.error = error;
    });
    thread.worker.on("exit", () => {
      if (this.#idle.includes(thread)) this.#tell(thread);
      this.#forget(thread);
    });
    thread.worker.unref();
    return thread;
  }

  #giveBack(thread: Thread): void {
    thread.finished += 1;
    if (!this.#all.has(thread)) {
      this.#tell(thread);
      return;
    }
    const [next] = this.#queued;
    if (next === undefined) this.#idle.push(thread);
    else next.give(thread);
  }

  #tell({ error }: Thread): void {
    if (error !== undefined) this.#options.warn(error);
  }

  async #drop(thread: Thread): Promise<void> {
    this.#forget(thread);
    await thread.worker.terminate();
  }

  /** Its place is free: another thread takes it when there is something to do. */
  #forget(thread: Thread): void {
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
    if (!this.#all.delete(thread) || this.#isClosed) return;
    const [next] = this.#queued;
    if (next !== undefined) next.give(this.#start());
  }
}

/** The answer, or how the thread ended. Rejects with `signal.reason`. */
function answerOf(worker: Worker, task: ThreadTask, signal: AbortSignal): Promise<ThreadOutcome | ThreadEnd> {
  return new Promise((resolve, reject) => {
    const end = new EntrepotError("server-error", `the thread that ran '${task.node}' ended`, {
      hint: "a node that calls process.exit, or needs more memory than there is, ends its thread",
      retryable: false,
    });
    const leave = (): void => {
      worker.off("message", onMessage).off("error", onError).off("exit", onEnd).unref();
      signal.removeEventListener("abort", onAbort);
    };
    const onMessage = (outcome: ThreadOutcome): void => {
      leave();
      resolve(outcome);
    };
    let thrown: unknown;
    // Its answer may still be on the way, by another port: all that it said is heard before its exit.
    const onError = (error: unknown): void => {
      thrown = error;
    };
    const onEnd = (): void => {
      leave();
      resolve(new ThreadEnd(thrown ?? end));
    };
    const onAbort = (): void => {
      leave();
      reject(signal.reason);
    };
    if (signal.aborted) return reject(signal.reason);
    worker.on("message", onMessage).on("error", onError).on("exit", onEnd).ref();
    signal.addEventListener("abort", onAbort, { once: true });
    worker.postMessage(task);
  });
}

function closed(): TypeError {
  return new TypeError("This engine is closed");
}
