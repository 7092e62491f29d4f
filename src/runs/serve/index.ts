/** The HTTP API and the page of runs. */
export type { ServedRequest } from "./app.ts";
export { type ServedRuns, type ServeRunsOptions, serveRuns } from "./serve-runs.ts";
