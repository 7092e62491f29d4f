/** `entrepot cache unpin`: what was pinned is a copy like others again. */
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatSize } from "../../measure.ts";
import { flag } from "../../option.ts";

export const unpin: Command = defineCommand({
  name: "cache unpin",
  summary: "let go what was pinned",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { prefix: flag("the address is what names begin with, no folder or object") },
  notes: ["The copies stay until the limits or cache clear remove them. A folder (final /) means all pins in it."],
  examples: [
    { line: "entrepot cache unpin s3://my-bucket/data/", says: "a folder, and all pins in it" },
    { line: "entrepot cache unpin s3://my-bucket/data/a.csv", says: "one object" },
  ],
  async run(call, { prefix }, operands) {
    const depot = await call.depot();
    await forEachOperand(call, operands, async (address) => {
      const pins = await depot.cache.pins(address, { signal: call.signal }).toArray();
      const { objects, sizeBytes } = await depot.cache.unpin(address, { prefix });
      const uri = depot.resolve(address);
      await call.output.tell({
        text: () =>
          objects === 0 && pins.length === 0
            ? `nothing was pinned at ${printable(uri)}`
            : `unpinned ${formatCount(objects, "object")}, ${formatSize(sizeBytes)}: ${printable(uri)}`,
        json: () => ({ type: "unpinned", uri, objects, sizeBytes }),
      });
    });
  },
});
