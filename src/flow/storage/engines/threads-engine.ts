/** An engine whose nodes run in threads of this process: for work of the processor, of which one thread does one at a time. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Engine, EngineTask } from "../../core/index.ts";
import { noteDeeds } from "./deeds.ts";
import { checkOptions } from "./engine-parts.ts";
import { errorOf } from "./failure-data.ts";
import { assertNoLock } from "./no-lock.ts";
import { ThreadPool } from "./thread-pool.ts";
import { decodeShared, type SharedValue, shareValue } from "./thread-values.ts";

export interface ThreadsOptions {
  /** The module that exports the flow, as a file URL: `new URL("./flow.js", import.meta.url)`. Each thread imports it. */
  readonly module: string | URL;
  /** Under which name it does. Default `"flow"`. */
  readonly name?: string | undefined;
  /** Default: as many as the machine has processors. */
  readonly threads?: number | undefined;
  /** Told of what a thread threw when its node had ended already; the thread is replaced. Default: nobody. */
  readonly onWarning?: ((error: unknown) => void) | undefined;
}

// Node gives the process's own flags to threads, such as the loader that reads TypeScript.
const program = `const { parentPort, workerData } = require("node:worker_threads");
Promise.all([import(workerData.door), import(workerData.module)]).then(([{ serveFlow }, module]) => {
  const flow = module[workerData.name];
  if (flow === undefined) throw new TypeError(workerData.module + " exports no " + workerData.name);
  serveFlow(parentPort, flow);
});`;

export async function openThreadsEngine(options: ThreadsOptions): Promise<Engine> {
  checkOptions("threadsEngine()", options, ["module", "name", "threads", "onWarning"]);
  const { module, name = "flow", threads = availableParallelism(), onWarning } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) throw new RangeError("threads must be 1 or more");
  const workerData = { door: import.meta.resolve("entrepot/flow"), module: String(module), name };
  const pool = new ThreadPool({
    most: threads,
    start: () => new Worker(program, { eval: true, workerData }),
    warn: onWarning ?? (() => undefined),
  });
  const shared = new WeakMap<object, Promise<SharedValue>>();
  const share = (value: unknown, path: string): Promise<SharedValue> => {
    if (typeof value !== "object" || value === null) return shareValue(value, path);
    let made = shared.get(value);
    if (made === undefined) {
      made = shareValue(value, path);
      shared.set(value, made);
      // What cannot be shared under one name is told under that of whoever tries next.
      made.catch(() => shared.delete(value));
    }
    return made;
  };
  return {
    submit: async ({ node, index, values, config, tell }: EngineTask, signal) => {
      assertNoLock();
      const given = await Promise.all(
        Object.entries(values).map(async ([path, value]) => [path, await share(value, path)] as const),
      );
      const task = { node, index, config: await share(config, "config"), values: Object.fromEntries(given) };
      const outcome = await pool.run(task, signal);
      noteDeeds(outcome.deeds, tell);
      if ("failure" in outcome) throw errorOf(outcome.failure);
      return decodeShared(outcome.value);
    },
    close: () => pool.close(),
  };
}
