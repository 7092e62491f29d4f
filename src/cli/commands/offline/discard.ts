/** `entrepot offline discard`: what waits is not sent after all. */
import { EntrepotError } from "../../../error/index.ts";
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { flag } from "../../option.ts";

export const discard: Command = defineCommand({
  name: "offline discard",
  summary: "take back what waits: its bytes are gone",
  synopsis: "[options] <id>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { "dry-run": flag("say what would go, change nothing") },
  notes: ["What waits behind it for the same object goes in its place."],
  examples: [
    { line: "entrepot offline discard 3-9f2c11ab", says: "one, by the id that offline outbox shows" },
    { line: "entrepot offline discard 3-9f2c11ab 4-02d1aa0e", says: "several" },
  ],
  async run(call, { "dry-run": dryRun }, ids) {
    const depot = await call.depot();
    await forEachOperand(call, ids, async (id) => {
      if (!dryRun) await depot.offline.discard(id);
      else if (!(await depot.offline.outbox()).some((entry) => entry.id === id))
        throw new EntrepotError("not-found", `nothing waits under the id ${JSON.stringify(id)}`);
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `${dryRun ? "would discard" : "discarded"} ${printable(id)}`),
        json: () => ({ type: "discarded", id, dryRun }),
      });
    });
  },
});
