/** `entrepot offline push`: sends what waits, and overwrites nothing. */
import { type Command, defineCommand } from "../../command.ts";
import { flag, text } from "../../option.ts";
import { sending, tellTransfer } from "../../transfer-message.ts";

export const push: Command = defineCommand({
  name: "offline push",
  summary: "send what waits, each change only where nobody else made one",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    "dry-run": flag("say what would be sent, send nothing"),
    overwrite: text("ID", "send this one alone, in the place of what it is in conflict with"),
  },
  notes: [
    "What the server holds otherwise than expected is a conflict: it is told, and both versions stay. Then save it beside, discard it, or overwrite the version that was told. Ends with 6 when there are conflicts. Interrupted, it can be repeated.",
  ],
  examples: [
    { line: "entrepot offline push --dry-run", says: "what would be sent" },
    { line: "entrepot offline push", says: "send all that waits" },
    { line: "entrepot offline push --overwrite 3-9f2c11ab", says: "this one in the place of theirs" },
  ],
  async run(call, values) {
    const depot = await call.depot();
    const { "dry-run": dryRun, overwrite } = values;
    await tellTransfer(call, sending, (told) => depot.offline.push({ ...told, dryRun, overwrite }));
  },
});
