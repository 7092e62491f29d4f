/** `entrepot snapshots list`: those of one version. */
import { type Command, defineCommand } from "../../command.ts";
import { openSnapshots, snapshotNote, snapshotOptions } from "../../snapshot-options.ts";
import { snapshotMessage } from "./snapshot-message.ts";

export const list: Command = defineCommand({
  name: "snapshots list",
  summary: "what has been saved",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: snapshotOptions,
  notes: [snapshotNote],
  examples: [
    { line: "entrepot snapshots list --in s3://my-bucket/", says: "one a line" },
    { line: "entrepot snapshots list --json --in s3://my-bucket/", says: "for programs" },
  ],
  async run(call, values) {
    const { snapshots, options } = await openSnapshots(call, values);
    for await (const snapshot of snapshots.list(options)) await call.output.tell(snapshotMessage(snapshot));
  },
});
