/** `entrepot table`: tables, by polars. */
import { type Command, defineGroup } from "../command.ts";
import { convert } from "./table/convert.ts";
import { head } from "./table/head.ts";
import { query } from "./table/query.ts";
import { schema } from "./table/schema.ts";
import { stats } from "./table/stats.ts";

export const table: Command = defineGroup({
  name: "table",
  summary: "tables: look, convert, ask",
  actions: [head, schema, convert, query, stats],
  notes: ["Needs the package nodejs-polars beside entrepot. On a terminal tables are aligned, in a pipe they are CSV."],
  examples: [
    { line: "entrepot table head s3://my-bucket/sales.parquet", says: "ten rows" },
    { line: "entrepot table convert s3://my-bucket/sales.csv.gz ./sales.parquet", says: "another format" },
  ],
});
