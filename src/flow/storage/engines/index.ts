/** Engines: nodes that run elsewhere than in the process that executes their flow. */
export type { EngineOptions } from "./engine-parts.ts";
export { type FlowTaskEvent, type FlowWorker, type FlowWorkerOptions, flowWorker } from "./flow-worker.ts";
export { queueEngine } from "./queue-engine.ts";
