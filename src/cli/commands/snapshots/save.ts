/** `entrepot snapshots save`: publishes a folder under a name, all of it at once. */
import { type Command, defineCommand } from "../../command.ts";
import { openSnapshots, snapshotNote, snapshotOptions } from "../../snapshot-options.ts";
import { nothingDone, snapshotMessage } from "./snapshot-message.ts";

export const save: Command = defineCommand({
  name: "snapshots save",
  summary: "publish a folder under a name, all of it at once",
  synopsis: "[options] <name> <folder>",
  operands: { min: 2, max: 2 },
  options: snapshotOptions,
  notes: [snapshotNote, "Of several that save at the same time one wins; the others end with 6."],
  examples: [
    { line: "entrepot snapshots save --in s3://my-bucket/ warm-start ./data", says: "under the root that is named" },
    { line: "entrepot snapshots save --version v2 --in s3://my-bucket/ warm-start ./data", says: "for one version" },
  ],
  async run(call, values, [name = "", folder = ""]) {
    const { snapshots, options } = await openSnapshots(call, values);
    const saved = await snapshots.save(name, folder, { ...options, onProgress: call.output.onProgress });
    await call.output.tell(saved === undefined ? nothingDone(name) : snapshotMessage(saved));
  },
});
