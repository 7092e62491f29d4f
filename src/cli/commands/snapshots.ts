/** `entrepot snapshots`: folders under a name, between runs. */
import { type Command, defineGroup } from "../command.ts";
import { snapshotNote } from "../snapshot-options.ts";
import { clear } from "./snapshots/clear.ts";
import { list } from "./snapshots/list.ts";
import { restore } from "./snapshots/restore.ts";
import { save } from "./snapshots/save.ts";

export const snapshots: Command = defineGroup({
  name: "snapshots",
  summary: "folders under a name, between runs",
  actions: [save, restore, list, clear],
  notes: [snapshotNote],
  examples: [
    { line: "entrepot snapshots save --in s3://my-bucket/ warm-start ./data", says: "publish a folder under a name" },
    { line: "entrepot snapshots restore --in s3://my-bucket/ warm-start ./warm", says: "bring it into a folder" },
  ],
});
