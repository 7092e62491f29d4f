/** `entrepot offline discard`: what waits is not sent after all. */
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";

export const discard: Command = defineCommand({
  name: "offline discard",
  summary: "take back what waits: its bytes are gone",
  synopsis: "[options] <id>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {},
  notes: ["What waits behind it for the same object goes in its place."],
  examples: [
    { line: "entrepot offline discard 3-9f2c11ab", says: "one, by the id that offline outbox shows" },
    { line: "entrepot offline discard 3-9f2c11ab 4-02d1aa0e", says: "several" },
  ],
  async run(call, _, ids) {
    const depot = await call.depot();
    await forEachOperand(call, ids, async (id) => {
      await depot.offline.discard(id);
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `discarded ${printable(id)}`),
        json: () => ({ type: "discarded", id }),
      });
    });
  },
});
