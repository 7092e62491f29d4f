/** `entrepot table head`: the first rows; of remote tables only as much is fetched as they need. */
import { type Command, defineCommand } from "../../command.ts";
import { adviseCsv } from "../../table/csv-advice.ts";
import { limit, readingOf, readOptions } from "../../table/table-options.ts";
import { tellFrame } from "../../table/tell-frame.ts";
import { sourceOf } from "./source.ts";

export const head: Command = defineCommand({
  name: "table head",
  summary: "the first rows, without fetching the rest",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { ...readOptions, rows: limit("how many rows (default 10)") },
  notes: ["Several addresses, a folder (final /) or a pattern (--glob) are one table with the union of their columns."],
  examples: [
    { line: "entrepot table head s3://my-bucket/sales.parquet", says: "ten rows" },
    {
      line: "entrepot table head --delimiter ';' --decimal , --encoding windows-1252 ./umsatz.csv",
      says: "European CSV",
    },
    { line: "entrepot table head -n 3 -c day,amount s3://my-bucket/sales.csv.gz", says: "three rows of two columns" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    const from = sourceOf(depot, operands, values.glob);
    const reading = readingOf(values);
    const frame = await depot.readTable(from, { ...reading, limit: values.rows ?? 10 });
    await tellFrame(call, frame);
    adviseCsv(call, frame, reading);
  },
});
