/** `entrepot runs add-policy`: one more set of parameters of a run that is not started. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";

export const addPolicy: Command = defineCommand({
  name: "runs add-policy",
  summary: "add policies to a run that is not started",
  synopsis: "[options] <run> <policy>...",
  operands: { min: 2, max: Number.POSITIVE_INFINITY },
  options: { ...runsOptions },
  notes: ["They stand behind those that it has. The first of a run is its baseline.", runsNote],
  examples: [
    { line: "entrepot runs add-policy 01k9x4c2tq0aa high", says: "one, to the run of this id" },
    { line: "entrepot runs add-policy test low lower", says: "two, to the only run of this name" },
  ],
  run: (call, values, [run = "", ...policies]) =>
    withRuns(call, values, async (store) => {
      const { id } = await namedRun(store, run);
      // all of them or none
      await store.runs.addPolicy(id, policies);
      for (const policy of policies)
        await call.output.tell({
          text: () => (call.output.quiet ? undefined : `added ${printable(policy)}`),
          json: () => ({ type: "policy", runId: id, policyId: policy }),
        });
    }),
});
