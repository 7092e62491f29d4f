/** `entrepot runs token revoke`: tokens that are good for nothing any more. */
import { EntrepotError } from "../../../../error/index.ts";
import { type Command, defineCommand, forEachOperand } from "../../../command.ts";
import { runsNote, runsOptions, withRuns } from "../../../runs/open-runs.ts";

export const revoke: Command = defineCommand({
  name: "runs token revoke",
  summary: "take tokens back, by their ids",
  synopsis: "[options] <id>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { ...runsOptions },
  notes: [runsNote],
  examples: [
    { line: "entrepot runs token revoke 01k9x4c2tq0bb", says: "from now on" },
    { line: "entrepot runs token revoke 01k9x4c2tq0bb 01k9x4c2tq0cc", says: "two" },
  ],
  run: (call, values, ids) =>
    withRuns(call, values, async (store) => {
      const known = new Set((await store.tokens.list()).map(({ id }) => id));
      await forEachOperand(call, ids, async (id) => {
        // the token itself, given for its id, is no text to repeat
        if (!known.has(id))
          throw new EntrepotError("not-found", "there is no token of this id", {
            hint: "entrepot runs token list shows the ids",
          });
        await store.tokens.delete(id);
        await call.output.tell({
          text: () => (call.output.quiet ? undefined : `revoked ${id}`),
          json: () => ({ type: "revoked", id }),
        });
      });
    }),
});
