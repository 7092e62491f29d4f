/** The HTTP API and the page of runs. */
export type { ServedRequest } from "./app.ts";
export type { ServedRuns, ServeRunsOptions } from "./serve-options.ts";
export { serveRuns } from "./serve-runs.ts";
