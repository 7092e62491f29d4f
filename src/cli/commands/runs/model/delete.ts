/** `entrepot runs model delete`: a model, or one version of it. */
import { type Command, defineCommand } from "../../../command.ts";
import { printable } from "../../../escape.ts";
import { text } from "../../../option.ts";
import { withNamedModel } from "../../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../../runs/open-runs.ts";

export const remove: Command = defineCommand({
  name: "runs model delete",
  summary: "delete a model, or one version of it, that no run is of",
  synopsis: "[options] <model>",
  operands: { min: 1, max: 1 },
  options: { version: text("NAME", "this version only"), ...runsOptions },
  notes: [
    "The names of its versions stay taken. Snapshots and outputs stay where they are: entrepot rm removes them.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs model delete growth --version v1", says: "one version" },
    { line: "entrepot runs model delete growth", says: "the model" },
  ],
  run: (call, values, [model = ""]) =>
    withRuns(call, values, async (store) => {
      const { version } = values;
      await withNamedModel(store, model, version, () => store.models.delete(model, version));
      const shown = version === undefined ? printable(model) : `${printable(model)} ${printable(version)}`;
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `deleted ${shown}`),
        json: () => ({ type: "deleted", model, version: version ?? null }),
      });
    }),
});
