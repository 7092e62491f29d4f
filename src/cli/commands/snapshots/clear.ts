/** `entrepot snapshots clear`: removes one, or all of one version. */
import { type Command, defineCommand } from "../../command.ts";
import { flag } from "../../option.ts";
import { openSnapshots, snapshotNote, snapshotOptions } from "../../snapshot-options.ts";
import { removing, tellTransfer } from "../../transfer-message.ts";
import { UsageError } from "../../usage-error.ts";

export const clear: Command = defineCommand({
  name: "snapshots clear",
  summary: "remove one, or all of this version",
  synopsis: "[options] <name> | --all",
  operands: { min: 0, max: 1 },
  options: { ...snapshotOptions, all: flag("all of this version") },
  notes: [snapshotNote],
  examples: [
    { line: "entrepot snapshots clear --in s3://my-bucket/ warm-start", says: "one; that there is none is fine" },
    { line: "entrepot snapshots clear --in s3://my-bucket/ --version v2 --all", says: "all of a version" },
  ],
  async run(call, values, [name]) {
    if ((name === undefined) !== values.all)
      throw new UsageError("there is one name, or --all", "entrepot snapshots list says the names");
    const { snapshots, options } = await openSnapshots(call, values);
    await tellTransfer(call, removing, () => snapshots.clear(name, options));
  },
});
