/** `entrepot pega`: what Pega exports to a folder of S3. */
import { type Command, defineGroup } from "../command.ts";
import { fetchFiles } from "./pega/fetch.ts";
import { plot } from "./pega/plot.ts";
import { summary } from "./pega/summary.ts";
import { table } from "./pega/table.ts";

export const pega: Command = defineGroup({
  name: "pega",
  summary: "what Pega exports: files, tables, pictures",
  actions: [fetchFiles, table, summary, plot],
  examples: [
    { line: "entrepot pega fetch --table modelSnapshot s3://my-bucket/", says: "files of one table, here" },
    { line: "entrepot pega table s3://my-bucket/ modelSnapshot", says: "all of them as one table" },
    { line: "entrepot pega summary s3://my-bucket/datamart/", says: "what the newest exports hold" },
    { line: "entrepot pega plot bubble s3://my-bucket/datamart/ --out models.svg", says: "a picture of the models" },
  ],
});
