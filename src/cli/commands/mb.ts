/** `entrepot mb`: makes buckets. */
import { type Command, defineCommand, forEachOperand } from "../command.ts";
import { printable } from "../escape.ts";
import { text } from "../option.ts";

export const mb: Command = defineCommand({
  name: "mb",
  summary: "make a bucket",
  synopsis: "[options] <bucket>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { "bucket-region": text("REGION", "where it shall lie; default: the region in force") },
  notes: ["A bucket that is there already is a failure (6)."],
  examples: [
    { line: "entrepot mb s3://my-new-bucket", says: "in the region in force" },
    { line: "entrepot mb --json s3://my-newer-bucket s3://my-newest-bucket", says: "several, for programs" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    await forEachOperand(call, operands, async (operand) => {
      await depot.createBucket(operand, { region: values["bucket-region"] });
      const uri = depot.resolve(operand);
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `made ${printable(uri)}`),
        json: () => ({ type: "bucket", action: "made", uri }),
      });
    });
  },
});
