/** `entrepot table stats`: what each column holds, in numbers. */
import { type DataFrame, loadPolars, statsOf } from "../../../table/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { adviseCsv } from "../../table/csv-advice.ts";
import { limit, readingOf, readOptions } from "../../table/table-options.ts";
import { tellFrame } from "../../table/tell-frame.ts";
import { sourceOf } from "./source.ts";

export const stats: Command = defineCommand({
  name: "table stats",
  summary: "of each column: type, missing values, distinct ones, least, greatest, mean",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { ...readOptions, rows: limit("of the first so many rows") },
  examples: [
    { line: "entrepot table stats s3://my-bucket/sales.parquet", says: "a column a line" },
    { line: "entrepot table stats -c amount s3://my-bucket/sales.csv.gz", says: "of one column" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    const from = sourceOf(depot, operands, values.glob);
    const reading = readingOf(values);
    const frame = await depot.readTable(from, { ...reading, limit: values.rows });
    await tellFrame(call, statsOf(await loadPolars(), frame as DataFrame), ["min", "max"]);
    adviseCsv(call, frame, reading);
  },
});
