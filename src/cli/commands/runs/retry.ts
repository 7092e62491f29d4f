/** `entrepot runs retry`: runs again what failed or was cancelled. */
import { resubmitRun } from "../../../runs/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount } from "../../measure.ts";
import { texts } from "../../option.ts";
import { namedPolicy, namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";

export const retry: Command = defineCommand({
  name: "runs retry",
  summary: "run again what failed or was cancelled",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: {
    policy: texts("NAME", "this policy only, whatever it ended in; as often as needed"),
    ...runsOptions,
  },
  notes: [
    "What was done is run again only where --policy names it; its outputs stay until the new attempt is done, also where that fails or is cancelled.",
    "With its attempts counted from new. A baseline that comes first and was not done runs again before the others do.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs retry test", says: "all that failed or was cancelled" },
    { line: "entrepot runs retry test --policy high", says: "one, also where it was done" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const run = await namedRun(store, word);
      const changed = await resubmitRun(
        store,
        run.id,
        values.policy?.map((policy) => namedPolicy(run, policy)),
      );
      await call.output.tell({
        text: () =>
          call.output.quiet ? undefined : `${formatCount(changed.length, "task")} of ${printable(word)} run again`,
        json: () => ({ type: "retried", id: run.id, tasks: changed.map((task) => recordJson("task", task)) }),
      });
      if (run.service !== undefined && changed.length > 0)
        call.output.say({
          text: () => `it is of jobs of ${run.service}: entrepot runs start --submit ${run.service} sends them`,
          json: () => ({ type: "unsent", id: run.id, service: run.service ?? null }),
        });
    }),
});
