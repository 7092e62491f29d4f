/** `entrepot cache clear`: all copies go, or those below an address; and what stays says why. */
import { type Command, defineCommand } from "../../command.ts";
import { formatCount, formatSize } from "../../measure.ts";
import { flag } from "../../option.ts";
import { removing, tellTransfer } from "../../transfer-message.ts";

export const clear: Command = defineCommand({
  name: "cache clear",
  summary: "remove all copies, or those below an address",
  synopsis: "[options] [<folder>]",
  operands: { min: 0, max: 1 },
  options: { "dry-run": flag("say what would be removed, change nothing") },
  notes: [
    "What is pinned or held by a running process stays; entrepot cache unpin lets it go. Nothing but copies is touched: no results, no changes that wait in the outbox, no file that is not the cache's.",
  ],
  examples: [
    { line: "entrepot cache clear --dry-run s3://my-bucket/", says: "what would be removed" },
    { line: "entrepot cache clear s3://my-bucket/data/", says: "the next read fetches it again" },
  ],
  async run(call, values, [folder]) {
    const depot = await call.depot();
    const { skipped } = await tellTransfer(call, removing, (told) =>
      depot.cache.clear(folder, { ...told, dryRun: values["dry-run"], signal: call.signal }),
    );
    if (skipped.objects === 0 || call.output.quiet || call.output.json) return;
    let pinned = 0;
    for await (const entry of depot.cache.list(folder, { signal: call.signal })) pinned += entry.pinned ? 1 : 0;
    const stayed = `${formatCount(skipped.objects, "copy", "copies")}, ${formatSize(skipped.sizeBytes)}`;
    const why = pinned === 0 ? "held by a process" : `${pinned} pinned; entrepot cache unpin lets them go`;
    const verb = values["dry-run"] ? "would stay" : "stayed";
    call.output.say({ text: () => `${stayed} ${verb}: ${why}`, json: () => undefined });
  },
});
