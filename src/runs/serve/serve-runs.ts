/** The HTTP API and the page of runs, for people and programs that do not hold the database. */
import type { Depot } from "../../depot/index.ts";
import { mistakeIn } from "../../error/index.ts";
import type { ServedRuns, ServeRunsOptions } from "./serve-options.ts";

const optionNames: ReadonlySet<string> = new Set<keyof ServeRunsOptions>([
  "store",
  "host",
  "public",
  "port",
  "origin",
  "readOnly",
  "onStart",
  "log",
  "onInternalError",
  "now",
]);

/**
 * Serves the API below `/api/v1`, its OpenAPI document at `/api/openapi.json`, and the page at `/`. Everything takes a token or a
 * session. Errors: misconfigured; and what `listen` says, e.g. EADDRINUSE.
 */
export async function serveRuns(data: Depot, options: ServeRunsOptions): Promise<ServedRuns> {
  const mistake = mistakeIn("serveRuns()", options, optionNames);
  if (mistake !== undefined) throw mistake;
  const { store, ...rest } = options;
  const { start } = await import("./start.ts");
  return start(data, store, rest);
}
