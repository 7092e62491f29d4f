/** `entrepot snapshots restore`: brings a snapshot into a folder, all of it or nothing. */
import { existingOption } from "../../archive-options.ts";
import { type Command, defineCommand } from "../../command.ts";
import { openSnapshots, snapshotNote, snapshotOptions } from "../../snapshot-options.ts";
import { nothingDone, snapshotMessage } from "./snapshot-message.ts";

export const restore: Command = defineCommand({
  name: "snapshots restore",
  summary: "bring a snapshot into a folder, all of it or nothing",
  synopsis: "[options] <name> <folder>",
  operands: { min: 2, max: 2 },
  options: {
    ...snapshotOptions,
    existing: { ...existingOption, summary: "beside and over what is there, or in its place (merge)" },
  },
  notes: [
    snapshotNote,
    "When there is no such snapshot the folder is there all the same, made if need be; that is success.",
  ],
  examples: [
    { line: "entrepot snapshots restore --in s3://my-bucket/ warm-start ./warm", says: "an empty folder at first" },
    {
      line: "entrepot snapshots restore --existing replace --in s3://my-bucket/ warm-start ./warm",
      says: "in place of what is there",
    },
  ],
  async run(call, values, [name = "", folder = ""]) {
    const { snapshots, options } = await openSnapshots(call, values);
    const { existing } = values;
    const found = await snapshots.restore(name, folder, { ...options, existing, onProgress: call.output.onProgress });
    await call.output.tell(found === undefined ? nothingDone(name) : snapshotMessage(found));
  },
});
