/** `entrepot snapshots save`: publishes a folder under a name, all of it at once. */
import { EntrepotError } from "../../../error/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { flag } from "../../option.ts";
import { openSnapshots, snapshotNote, snapshotOptions } from "../../snapshot-options.ts";
import { localRoot, nothingDone, snapshotMessage } from "./snapshot-message.ts";

export const save: Command = defineCommand({
  name: "snapshots save",
  summary: "publish a folder under a name, all of it at once",
  synopsis: "[options] <name> <folder>",
  operands: { min: 2, max: 2 },
  options: {
    ...snapshotOptions,
    required: flag("an error (2) where the root is a folder of this disk, and nothing is saved"),
  },
  notes: [snapshotNote, "Of several that save at the same time one wins; the others end with 6."],
  examples: [
    { line: "entrepot snapshots save --in s3://my-bucket/ warm-start ./data", says: "under the root that is named" },
    { line: "entrepot snapshots save --version v2 --in s3://my-bucket/ warm-start ./data", says: "for one version" },
  ],
  async run(call, values, [name = "", folder = ""]) {
    const { snapshots, options } = await openSnapshots(call, values);
    const saved = await snapshots.save(name, folder, { ...options, onProgress: call.output.onProgress });
    if (saved === undefined && values.required) throw nothingSaved(name);
    await call.output.tell(
      saved === undefined ? nothingDone(name, `nothing was saved, because ${localRoot}`) : snapshotMessage(saved),
    );
  },
});

function nothingSaved(name: string): EntrepotError {
  return new EntrepotError("misconfigured", `nothing was saved as ${JSON.stringify(name)}: ${localRoot}`, {
    hint: "name a root with --in, or set ENTREPOT_LOCATION to one in the cloud",
  });
}
