/** Engines: nodes that run elsewhere than in the process that executes their flow. */
export type { DatabasePlace } from "../../../queue/index.ts";
export type { EngineOptions } from "./engine-parts.ts";
export { flowWorker, queueEngine, serveFlow, threadsEngine } from "./engines.ts";
export type { FlowTaskEvent, FlowWorker, FlowWorkerOptions } from "./flow-worker.ts";
export type { ThreadsOptions } from "./threads-engine.ts";
