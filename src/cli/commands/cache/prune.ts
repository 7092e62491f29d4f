/** `entrepot cache prune`: keeps what is kept within limits, the least recently used first. */
import { parseByteSize, parseDuration } from "../../../depot/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { flag, parsed } from "../../option.ts";
import { removing, tellTransfer } from "../../transfer-message.ts";
import { UsageError } from "../../usage-error.ts";

export const prune: Command = defineCommand({
  name: "cache prune",
  summary: "remove what exceeds limits, the least recently used first",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    "max-bytes": parsed("SIZE", "keep at most this, e.g. 10GB", parseByteSize),
    "older-than": parsed("TIME", "what was fetched longer ago, e.g. 30d", parseDuration),
    "unused-for": parsed("TIME", "what nobody read for so long, e.g. 7d", parseDuration),
    "dry-run": flag("say what would be removed, change nothing"),
  },
  notes: ["What a running process holds stays."],
  examples: [
    { line: "entrepot cache prune --max-bytes 10GB --unused-for 30d", says: "keep it small" },
    { line: "entrepot cache prune --dry-run --older-than 1d", says: "what would be removed" },
  ],
  async run(call, values) {
    const { "max-bytes": maxBytes, "older-than": olderThan, "unused-for": unusedFor } = values;
    const limits = { maxBytes, olderThan, unusedFor };
    if (Object.values(limits).every((limit) => limit === undefined))
      throw new UsageError(
        "prune what?",
        "give --max-bytes, --older-than or --unused-for; cache clear removes everything",
      );
    const depot = await call.depot();
    await tellTransfer(call, removing, (told) => depot.cache.prune(limits, { ...told, dryRun: values["dry-run"] }));
  },
});
