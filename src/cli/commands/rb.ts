/** `entrepot rb`: removes empty buckets; `rm -r` empties one. */
import type { Depot } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { type Command, defineCommand, forEachOperand } from "../command.ts";
import { printable } from "../escape.ts";
import { flag } from "../option.ts";

export const rb: Command = defineCommand({
  name: "rb",
  summary: "remove an empty bucket",
  synopsis: "[options] <bucket>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { "dry-run": flag("say whether it would go, change nothing") },
  notes: ["A bucket that holds something is a failure; entrepot rm -r --force s3://bucket/ empties it."],
  examples: [
    { line: "entrepot rb s3://my-new-bucket", says: "only if it is empty" },
    { line: "entrepot rb --json s3://my-newer-bucket s3://my-newest-bucket", says: "several, for programs" },
  ],
  async run(call, { "dry-run": dryRun }, operands) {
    const depot = await call.depot();
    await forEachOperand(call, operands, async (operand) => {
      const uri = depot.resolve(operand);
      if (dryRun) await assertEmpty(depot, uri);
      else await depot.removeBucket(operand);
      await call.output.tell({
        text: () => (call.output.quiet ? undefined : `${dryRun ? "would remove" : "removed"} ${printable(uri)}`),
        json: () => ({ type: "bucket", action: "removed", uri, dryRun }),
      });
    });
  },
});

/** Versions that nobody sees keep a bucket, too, which only its removal says. */
async function assertEmpty(depot: Depot, uri: string): Promise<void> {
  for await (const _ of depot.list(uri.endsWith("/") ? uri : `${uri}/`))
    throw new EntrepotError("not-empty", `${uri} holds something`, { uri });
}
