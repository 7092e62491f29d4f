/** The table of operations: what serves them and what describes them read it. */
import type { Route } from "../api/route.ts";
import { fileRoutes } from "./files.ts";
import { modelRoutes } from "./models.ts";
import { outputRoutes } from "./outputs.ts";
import { runRoutes } from "./runs.ts";
import { serverRoutes } from "./server.ts";
import { sessionRoutes } from "./session.ts";
import { taskRoutes } from "./tasks.ts";

export const apiRoutes: readonly Route[] = [
  ...sessionRoutes,
  ...modelRoutes,
  ...runRoutes,
  ...fileRoutes,
  ...taskRoutes,
  ...outputRoutes,
  ...serverRoutes,
];
