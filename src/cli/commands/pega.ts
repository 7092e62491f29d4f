/** `entrepot pega`: what Pega exports to a folder of S3. */
import { type Command, defineGroup } from "../command.ts";
import { fetchFiles } from "./pega/fetch.ts";
import { table } from "./pega/table.ts";

export const pega: Command = defineGroup({
  name: "pega",
  summary: "what Pega exports: files, tables",
  actions: [fetchFiles, table],
  examples: [
    { line: "entrepot pega fetch --table modelSnapshot s3://my-bucket/", says: "files of one table, here" },
    { line: "entrepot pega table s3://my-bucket/ modelSnapshot", says: "all of them as one table" },
  ],
});
