/** `entrepot snapshots restore`: brings a snapshot into a folder, over what is there unless told otherwise. */
import { EntrepotError } from "../../../error/index.ts";
import { existingOption, expandingOptions } from "../../archive-options.ts";
import { type Command, defineCommand } from "../../command.ts";
import { flag } from "../../option.ts";
import { openSnapshots, snapshotNote, snapshotOptions } from "../../snapshot-options.ts";
import { localRoot, nothingDone, snapshotMessage } from "./snapshot-message.ts";

export const restore: Command = defineCommand({
  name: "snapshots restore",
  summary: "bring a snapshot into a folder, over what it holds",
  synopsis: "[options] <name> <folder>",
  operands: { min: 2, max: 2 },
  options: {
    ...snapshotOptions,
    ...expandingOptions,
    required: flag("an error (3) when there is none"),
    existing: { ...existingOption, summary: "beside and over what is there, or in its place (merge)" },
  },
  notes: [
    snapshotNote,
    "Nothing changes before all of it is unpacked and checked. Then its files go over those of the folder, one by one, and what it does not have stays; after a kill the next restore into the folder finishes it. --existing replace gives the snapshot alone.",
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
    const { snapshots, options, unused } = await openSnapshots(call, values);
    const { existing } = values;
    const limits = { maxBytes: values["max-bytes"], maxRatio: values["max-ratio"] };
    const { onProgress } = call.output;
    const found = await snapshots.restore(name, folder, { ...options, ...limits, existing, onProgress });
    if (found !== undefined) return call.output.tell(snapshotMessage(found));
    const why = unused ? `nothing was looked for, because ${localRoot}` : "no snapshot";
    if (values.required) {
      const hint = "entrepot snapshots list says the names";
      throw new EntrepotError("not-found", `${why}: ${JSON.stringify(name)}`, { hint });
    }
    await call.output.tell(nothingDone(name, why));
  },
});
