/** Executing runs: tasks go to workers, which start the program of the version for each of its policies. */
export { repairOutputs } from "./publish-outputs.ts";
export { type RunTaskOptions, runTask, runWorker } from "./run-worker.ts";
export { resubmitRun, type Submitted, submitRun } from "./start-run.ts";
export type { RunTaskEvent, RunWorker, RunWorkerOptions } from "./worker-options.ts";
