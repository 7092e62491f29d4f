/** The two sides of an engine over a queue. All that they need is loaded when the first one is opened. */
import type { Engine } from "../../core/index.ts";
import type { EngineOptions } from "./engine-parts.ts";
import type { FlowWorker, FlowWorkerOptions } from "./flow-worker.ts";

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
