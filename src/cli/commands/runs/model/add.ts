/** `entrepot runs model add`: a name under which versions of a program are deployed. */
import { type Command, defineCommand } from "../../../command.ts";
import { printable } from "../../../escape.ts";
import { text } from "../../../option.ts";
import { runsNote, runsOptions, withRuns } from "../../../runs/open-runs.ts";
import { recordJson } from "../../../runs/record-json.ts";

export const add: Command = defineCommand({
  name: "runs model add",
  summary: "add a model, of which versions can be deployed",
  synopsis: "[options] <model>",
  operands: { min: 1, max: 1 },
  options: { description: text("TEXT", "what it is, for people"), ...runsOptions },
  notes: [runsNote],
  examples: [
    { line: "entrepot runs model add growth", says: "then deploy a version of it" },
    { line: "entrepot runs model add growth --description forecast", says: "with words for people" },
  ],
  run: (call, values, [model = ""]) =>
    withRuns(
      call,
      values,
      async (store) => {
        const { description } = values;
        const added = await store.models.add(model, { description });
        await call.output.tell({
          text: () => (call.output.quiet ? undefined : `added ${printable(added.name)}`),
          json: () => recordJson("model", added),
        });
      },
      { create: true },
    ),
});
