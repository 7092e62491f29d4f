/** `entrepot runs`: models, runs and their policies, from the shell. */
import { type Command, defineGroup } from "../command.ts";
import { runsNote } from "../runs/open-runs.ts";
import { addFile } from "./runs/add-file.ts";
import { addPolicy } from "./runs/add-policy.ts";
import { cancel } from "./runs/cancel.ts";
import { create } from "./runs/create.ts";
import { remove } from "./runs/delete.ts";
import { list } from "./runs/list.ts";
import { logs } from "./runs/logs.ts";
import { manifest } from "./runs/manifest.ts";
import { model } from "./runs/model.ts";
import { outputs } from "./runs/outputs.ts";
import { retry } from "./runs/retry.ts";
import { serve } from "./runs/serve.ts";
import { show } from "./runs/show.ts";
import { start } from "./runs/start.ts";
import { status } from "./runs/status.ts";
import { token } from "./runs/token.ts";
import { worker } from "./runs/worker.ts";

export const runs: Command = defineGroup({
  name: "runs",
  summary: "models, runs and their policies, in one database for all machines",
  actions: [
    ...[model, create, addPolicy, addFile, start, worker, status, logs, cancel, retry],
    ...[show, list, outputs, manifest, remove, serve, token],
  ],
  notes: [runsNote],
  examples: [
    { line: "entrepot runs list", says: "the newest runs" },
    { line: "entrepot runs create growth --policy baseline --policy high", says: "a run of the model growth" },
  ],
});
