/** `entrepot cache clear`: all copies go, or those below an address. */
import { type Command, defineCommand } from "../../command.ts";
import { flag } from "../../option.ts";
import { removing, tellTransfer } from "../../transfer-message.ts";

export const clear: Command = defineCommand({
  name: "cache clear",
  summary: "remove all copies, or those below an address",
  synopsis: "[options] [<folder>]",
  operands: { min: 0, max: 1 },
  options: { "dry-run": flag("say what would be removed, change nothing") },
  notes: ["What a running process holds stays."],
  examples: [
    { line: "entrepot cache clear --dry-run s3://my-bucket/", says: "what would be removed" },
    { line: "entrepot cache clear s3://my-bucket/data/", says: "the next read fetches it again" },
  ],
  async run(call, values, [folder]) {
    const depot = await call.depot();
    await tellTransfer(call, removing, (told) => depot.cache.clear(folder, { ...told, dryRun: values["dry-run"] }));
  },
});
