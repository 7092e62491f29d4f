/** `entrepot runs start`: hands a run to the workers. */
import { submitRun } from "../../../runs/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { formatCount } from "../../measure.ts";
import { namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";

export const start: Command = defineCommand({
  name: "runs start",
  summary: "hand a run to the workers; what it is made of is fixed then",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: { ...runsOptions },
  notes: [
    "One that is under way is not started twice: what a start that was cut off had not sent is sent. Programs run where entrepot runs worker does.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs start test", says: "by its name; then entrepot runs status test --follow" },
    { line: "entrepot runs start 01k9x4c2tq0aa --json", says: "by its id, for programs" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const { id } = await namedRun(store, word);
      const { run, isNew, sent } = await submitRun(store, id);
      await call.output.tell({
        text: () => {
          if (call.output.quiet) return undefined;
          if (!isNew) return `${id} was started before; ${formatCount(sent, "task")} sent that had not been`;
          return `${id} is started: ${formatCount(run.policies.length, "policy", "policies")}${run.baselineFirst ? ", the baseline first" : ""}`;
        },
        json: () => ({ ...recordJson("run", run), isNew, sent }),
      });
    }),
});
