/** `entrepot cache prune`: keeps what is kept within limits, the least recently used first. */
import { parseByteSize, parseDuration } from "../../../depot/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { formatCount, formatSize } from "../../measure.ts";
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
    "max-objects": parsed("COUNT", "keep at most so many objects", parseObjects),
    "older-than": parsed("TIME", "what was fetched longer ago, e.g. 30d", parseDuration),
    "unused-for": parsed("TIME", "what nobody read for so long, e.g. 7d", parseDuration),
    "min-free": parsed("SIZE", "until so much is free on the disk, e.g. 20GB", parseByteSize),
    "dry-run": flag("say what would be removed, change nothing"),
  },
  notes: ["What a running process holds stays."],
  examples: [
    { line: "entrepot cache prune --max-bytes 10GB --unused-for 30d", says: "keep it small" },
    { line: "entrepot cache prune --min-free 20GB", says: "give the disk room" },
    { line: "entrepot cache prune --dry-run --older-than 1d", says: "what would be removed" },
  ],
  async run(call, values) {
    const limits = {
      maxBytes: values["max-bytes"],
      maxObjects: values["max-objects"],
      olderThan: values["older-than"],
      unusedFor: values["unused-for"],
      minFreeBytes: values["min-free"],
    };
    if (Object.values(limits).every((limit) => limit === undefined))
      throw new UsageError(
        "prune what?",
        "give --max-bytes, --max-objects, --older-than, --unused-for or --min-free; cache clear removes everything",
      );
    const depot = await call.depot();
    await tellTransfer(call, removing, (told) => depot.cache.prune(limits, { ...told, dryRun: values["dry-run"] }));
    if (call.output.quiet || call.output.json) return;
    const { pinned } = await depot.cache.stats({ signal: call.signal });
    if (pinned.objects === 0) return;
    const sum = `${formatCount(pinned.objects, "copy", "copies")}, ${formatSize(pinned.sizeBytes)}`;
    call.output.say({ text: () => `${sum} pinned: no limit takes them away`, json: () => undefined });
  },
});

function parseObjects(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new RangeError(`not a number of objects: ${JSON.stringify(text)}`);
  return Number(text);
}
