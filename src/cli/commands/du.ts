/** `entrepot du`: counts and sums what lies below a folder; the listing streams, nothing is kept. */
import { type Command, defineCommand, forEachOperand } from "../command.ts";
import { printable } from "../escape.ts";
import { formatCount, formatSize } from "../measure.ts";
import { flag } from "../option.ts";

export const du: Command = defineCommand({
  name: "du",
  summary: "how many objects, and how large together",
  synopsis: "[options] [<address>...]",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options: { human: flag("sizes with units, e.g. 1.4 MB", "h") },
  examples: [
    { line: "entrepot du -h s3://my-bucket/data/", says: "one folder" },
    { line: "entrepot du --json s3://my-bucket/", says: "a bucket, for programs" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    await forEachOperand(call, operands.length === 0 ? [""] : operands, async (address) => {
      const { objects, sizeBytes } = await depot.usage(address);
      const uri = depot.resolve(address);
      const size = values.human ? formatSize(sizeBytes) : String(sizeBytes);
      await call.output.tell({
        text: () => `${size.padStart(12)}  ${formatCount(objects, "object").padStart(14)}  ${printable(uri)}`,
        json: () => ({ type: "usage", uri, objects, sizeBytes }),
      });
    });
  },
});
