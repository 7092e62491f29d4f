/** `entrepot rb`: removes empty buckets; `rm -r` empties one. */
import { type Command, defineCommand, forEachOperand } from "../command.ts";
import { printable } from "../escape.ts";

export const rb: Command = defineCommand({
  name: "rb",
  summary: "remove an empty bucket",
  synopsis: "[options] <bucket>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {},
  notes: ["A bucket that holds something is a failure; entrepot rm -r --force s3://bucket/ empties it."],
  examples: [
    { line: "entrepot rb s3://my-new-bucket", says: "only if it is empty" },
    { line: "entrepot rb --json s3://my-newer-bucket s3://my-newest-bucket", says: "several, for programs" },
  ],
  async run(call, _values, operands) {
    const depot = await call.depot();
    await forEachOperand(call, operands, async (operand) => {
      await depot.removeBucket(operand);
      const uri = depot.resolve(operand);
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `removed ${printable(uri)}`),
        json: () => ({ type: "bucket", action: "removed", uri }),
      });
    });
  },
});
