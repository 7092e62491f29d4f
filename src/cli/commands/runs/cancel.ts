/** `entrepot runs cancel`: ends what has not ended, programs included. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount } from "../../measure.ts";
import { text, texts } from "../../option.ts";
import { namedPolicy, namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";

export const cancel: Command = defineCommand({
  name: "runs cancel",
  summary: "end what of a run has not ended, its programs included",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: {
    policy: texts("NAME", "this policy only; as often as needed"),
    reason: text("TEXT", "why, for who looks at the run (cancelled)"),
    ...runsOptions,
  },
  notes: [
    "The tasks are cancelled at once; a worker hears of it within two seconds and sends SIGTERM to the program and all that it started, then SIGKILL. Where the baseline comes first and is cancelled, the others are, too.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs cancel test", says: "all of it" },
    { line: "entrepot runs cancel test --policy high --reason mistake", says: "one policy" },
  ],
  run: (call, values, [word = ""]) =>
    withRuns(call, values, async (store) => {
      const run = await namedRun(store, word);
      const policyIds = values.policy?.map((policy) => namedPolicy(run, policy));
      const changed = await store.runs.cancel(run.id, { policyIds, reason: values.reason });
      await call.output.tell({
        text: () =>
          call.output.quiet ? undefined : `cancelled ${formatCount(changed.length, "task")} of ${printable(word)}`,
        json: () => ({ type: "cancelled", id: run.id, tasks: changed.map((task) => recordJson("task", task)) }),
      });
    }),
});
