/** `entrepot cache list`: each copy, with its state. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatSize } from "../../measure.ts";
import { flag } from "../../option.ts";
import { entryFacts, entryJson, entryLine, factLines } from "./entry.ts";

export const list: Command = defineCommand({
  name: "cache list",
  summary: "each copy: size, age, state, address and path",
  synopsis: "[options] [<folder>]",
  operands: { min: 0, max: 1 },
  options: { long: flag("all that is known of each, with the reasons", "l") },
  notes: [
    "fresh: the next read takes the copy without asking. asks: it asks the server whether it is still the version. outdated: something newer was seen. pinned: nothing takes it away. held: a process uses it. own write: it was written here.",
    "With --json an object of type cached for each: uri, etag, versionId, sizeBytes, path, fetchedMs, checkedMs, usedMs, state, why, verified, complete, pinned, pinnedBy, held, heldBy.",
  ],
  examples: [
    { line: "entrepot cache list s3://my-bucket/data/", says: "what lies below an address" },
    { line: "entrepot cache list --long", says: "and why each is fresh, pinned or held" },
    { line: "entrepot cache list --json", says: "everything, for programs" },
  ],
  async run(call, { long }, [folder]) {
    const depot = await call.depot();
    const now = Date.now();
    const sum = { objects: 0, sizeBytes: 0, pinned: 0, held: 0 };
    for await (const entry of depot.cache.list(folder, { signal: call.signal })) {
      sum.objects += 1;
      sum.sizeBytes += entry.sizeBytes;
      sum.pinned += entry.pinned ? 1 : 0;
      sum.held += entry.held ? 1 : 0;
      await call.output.tell({
        text: () => (long ? `${printable(entry.uri)}\n${factLines(entryFacts(entry, now))}` : entryLine(entry, now)),
        json: () => ({ type: "cached", ...entryJson(entry) }),
      });
    }
    await call.output.flush();
    if (call.output.quiet || call.output.json) return;
    const kept = `${sum.pinned === 0 ? "" : `, ${sum.pinned} pinned`}${sum.held === 0 ? "" : `, ${sum.held} held`}`;
    const text = `${formatCount(sum.objects, "copy", "copies")}, ${formatSize(sum.sizeBytes)}${kept}`;
    call.output.say({ text: () => text, json: () => undefined });
  },
});
