/** `entrepot runs`: models, runs and their policies, from the shell. */
import { type Command, defineGroup } from "../command.ts";
import { runsNote } from "../runs/open-runs.ts";
import { model } from "./runs/model.ts";

export const runs: Command = defineGroup({
  name: "runs",
  summary: "models, runs and their policies, in one database for all machines",
  actions: [model],
  notes: [runsNote],
  examples: [
    { line: "entrepot runs model list", says: "the models there are" },
    { line: "entrepot runs model list --json", says: "the same for programs" },
  ],
});
