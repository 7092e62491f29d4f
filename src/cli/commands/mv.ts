/** `entrepot mv`: each source is removed when its copy stands, and only the version that was copied. */
import { type Command, defineCommand } from "../command.ts";
import { keepEmptyFlag } from "../keep-empty-option.ts";
import { globNote } from "../matches.ts";
import { moveObjects, movingNotes, movingOptions } from "../moving-objects.ts";
import { moving } from "../transfer-message.ts";

export const mv: Command = defineCommand({
  name: "mv",
  summary: "move objects or folders, either way",
  synopsis: "[options] <source>... <target>",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { ...movingOptions(moving), "keep-empty-folders": keepEmptyFlag },
  notes: [...movingNotes, globNote],
  examples: [
    { line: "entrepot mv s3://my-bucket/notes.txt s3://my-bucket/old/", says: "into a folder" },
    { line: "entrepot mv s3://my-bucket/data.csv s3://my-bucket/data-2024.csv", says: "under another name" },
    { line: "entrepot mv -r --dry-run s3://my-bucket/data/ s3://my-bucket/archive/", says: "what would happen" },
    { line: "entrepot mv --glob 's3://my-bucket/*.csv' s3://my-bucket/old/", says: "what matches a pattern" },
  ],
  run: (call, values, operands) =>
    moveObjects(call, { ...moving, method: "move" }, values, operands, {
      keepEmptyFolders: values["keep-empty-folders"],
    }),
});
