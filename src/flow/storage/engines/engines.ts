/** Engines and their other sides. All that they need is loaded when the first one is opened. */

import type { MessagePort } from "node:worker_threads";
import type { Engine } from "../../core/index.ts";
import type { EngineOptions } from "./engine-parts.ts";
import type { FlowWorker, FlowWorkerOptions } from "./flow-worker.ts";
import type { ThreadsOptions } from "./threads-engine.ts";

/**
 * An engine for `driver(flow, { engine })`: nodes, and the items of each `each`, run in the workers of other processes and machines, values
 * travel through the store. What they ask for and give must have bytes: plain data, typed arrays, tables. A node runs at least once: when
 * its worker dies, another takes it over. The caller closes it. Errors: those of the database and the depot, missing-peer.
 */
export async function queueEngine(options: EngineOptions): Promise<Engine> {
  return (await import("./queue-engine.ts")).openQueueEngine(options);
}

/**
 * Runs nodes of a flow for drivers whose engine has the same database, store and name, until it is stopped; resolves when it takes tasks.
 * Flow and code must be those of the driver. Errors: those of the database and the depot, missing-peer.
 */
export async function flowWorker(options: FlowWorkerOptions): Promise<FlowWorker> {
  return (await import("./flow-worker.ts")).openFlowWorker(options);
}

/**
 * An engine for `driver(flow, { engine })` whose nodes run in threads of this process: for computing, which one thread does one at a time.
 * What they ask for and give must have bytes. An aborted task ends its thread, and another is started. The caller closes it.
 */
export async function threadsEngine(options: ThreadsOptions): Promise<Engine> {
  return (await import("./threads-engine.ts")).openThreadsEngine(options);
}

/** What `threadsEngine` runs in each of its threads. */
export async function serveFlow(port: MessagePort, flow: object): Promise<void> {
  (await import("./flow-thread.ts")).serveFlow(port, flow);
}
