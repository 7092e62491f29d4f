/** `entrepot runs delete`: runs with all that the database knows of them. */
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";

export const remove: Command = defineCommand({
  name: "runs delete",
  summary: "delete runs: files, tasks and logs; outputs stay",
  synopsis: "[options] <run>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { ...runsOptions },
  notes: ["One that runs is to be cancelled first. Outputs stay in the bucket: entrepot rm removes them.", runsNote],
  examples: [
    { line: "entrepot runs delete 01k9x4c2tq0aa", says: "one, by its id" },
    { line: "entrepot runs delete test 01k9x4c2tq0aa", says: "two, one of them by its name" },
  ],
  run: (call, values, words) =>
    withRuns(call, values, (store) =>
      forEachOperand(call, words, async (word) => {
        const { id } = await namedRun(store, word);
        await store.runs.delete(id);
        await call.output.tell({
          text: () => (call.output.quiet ? undefined : `deleted ${printable(word)}`),
          json: () => ({ type: "deleted", id }),
        });
      }),
    ),
});
