/** An engine whose nodes run in threads of this process: for work of the processor, of which one thread does one at a time. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { noteReads } from "../../../depot/index.ts";
import { EntrepotError } from "../../../error/index.ts";
import type { Engine, EngineTask } from "../../core/index.ts";
import { errorOf } from "./failure-data.ts";
import type { ThreadOutcome, ThreadTask } from "./flow-thread.ts";
import { assertNoLock } from "./no-lock.ts";
import { decodeShared, type SharedValue, shareValue } from "./thread-values.ts";

export interface ThreadsOptions {
  /** The module that exports the flow, as a file URL: `new URL("./flow.js", import.meta.url)`. Each thread imports it. */
  readonly module: string | URL;
  /** Under which name it does. Default `"flow"`. */
  readonly name?: string | undefined;
  /** Default: as many as the machine has processors. */
  readonly threads?: number | undefined;
}

// Node gives the process's own flags to threads, such as the loader that reads TypeScript.
const program = `const { parentPort, workerData } = require("node:worker_threads");
Promise.all([import(workerData.door), import(workerData.module)]).then(([{ serveFlow }, module]) => {
  const flow = module[workerData.name];
  if (flow === undefined) throw new TypeError(workerData.module + " exports no " + workerData.name);
  serveFlow(parentPort, flow);
});`;

export async function openThreadsEngine(options: ThreadsOptions): Promise<Engine> {
  const { module, name = "flow", threads = availableParallelism() } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) throw new RangeError("threads must be 1 or more");
  const workerData = { door: import.meta.resolve("entrepot/flow"), module: String(module), name };
  const pool = new Threads(threads, () => new Worker(program, { eval: true, workerData }));
  const shared = new WeakMap<object, Promise<SharedValue>>();
  const share = (value: unknown, path: string): Promise<SharedValue> => {
    if (typeof value !== "object" || value === null) return shareValue(value, path);
    const made = shared.get(value) ?? shareValue(value, path);
    shared.set(value, made);
    return made;
  };
  return {
    submit: async ({ node, index, values, config }: EngineTask, signal) => {
      assertNoLock();
      const given = await Promise.all(
        Object.entries(values).map(async ([path, value]) => [path, await share(value, path)] as const),
      );
      const task = { node, index, config: await share(config, "config"), values: Object.fromEntries(given) };
      const outcome = await pool.run(task, signal);
      if ("failure" in outcome) throw errorOf(outcome.failure);
      noteReads(outcome.reads);
      return decodeShared(outcome.value);
    },
    close: () => pool.close(),
  };
}

/** Threads that are started when they are first needed, each with one task at a time. */
class Threads {
  readonly #most: number;
  readonly #start: () => Worker;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #waiting: (() => void)[] = [];

  constructor(most: number, start: () => Worker) {
    this.#most = most;
    this.#start = start;
  }

  /** An aborted task takes its thread with it: nothing else ends what computes. */
  async run(task: ThreadTask, signal: AbortSignal): Promise<ThreadOutcome> {
    const thread = await this.#take();
    let isLost = true;
    try {
      signal.throwIfAborted();
      thread.ref();
      const outcome = await answerOf(thread, task, signal);
      isLost = false;
      return outcome;
    } finally {
      thread.unref();
      if (isLost) {
        this.#all.delete(thread);
        await thread.terminate();
      } else this.#idle.push(thread);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.terminate()));
  }

  async #take(): Promise<Worker> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle !== undefined) return idle;
      if (this.#all.size < this.#most) {
        const thread = this.#start();
        this.#all.add(thread);
        return thread;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

function answerOf(thread: Worker, task: ThreadTask, signal: AbortSignal): Promise<ThreadOutcome> {
  return new Promise((resolve, reject) => {
    const onEnd = (): void =>
      reject(
        new EntrepotError("server-error", `the thread that ran '${task.node}' ended`, {
          hint: "a node that calls process.exit, or needs more memory than there is, ends its thread",
          retryable: false,
        }),
      );
    const onAbort = (): void => reject(signal.reason);
    const leave = (): void => {
      thread.off("message", onMessage).off("error", onError).off("exit", onEnd);
      signal.removeEventListener("abort", onAbort);
    };
    const onMessage = (outcome: ThreadOutcome): void => {
      leave();
      resolve(outcome);
    };
    const onError = (error: unknown): void => {
      leave();
      reject(error);
    };
    thread.on("message", onMessage).on("error", onError).on("exit", onEnd);
    signal.addEventListener("abort", onAbort, { once: true });
    thread.postMessage(task);
  });
}
