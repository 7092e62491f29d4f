/** `entrepot table schema`: names and types of the columns; of Parquet from the footer alone. */
import { columnsOf, type DataFrame, formatOfName, kindName } from "../../../table/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { adviseCsv } from "../../table/csv-advice.ts";
import { readingOf, readOptions } from "../../table/table-options.ts";
import { sourceOf } from "./source.ts";

/** Rows of text that tell types. */
const rowsOfText = 10_000;

export const schema: Command = defineCommand({
  name: "table schema",
  summary: "the columns and their types, without fetching the rows",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: readOptions,
  notes: ["The types of text (CSV, JSON lines) are those of its first 10,000 rows."],
  examples: [
    { line: "entrepot table schema s3://my-bucket/sales.parquet", says: "a column a line" },
    { line: "entrepot table schema --dates --json s3://my-bucket/sales.csv.gz", says: "for programs" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    const reading = readingOf(values);
    const isText = operands.some((name) => values.glob || name.endsWith("/") || isTextName(name, reading.format));
    const from = sourceOf(depot, operands, values.glob);
    const frame = await depot.readTable(from, { ...reading, limit: isText ? rowsOfText : 0 });
    for (const { name, type } of columnsOf(frame as DataFrame))
      await call.output.tell({
        text: () => `${printable(name)}\t${kindName(type)}`,
        json: () => ({ type: "column", name, kind: kindName(type) }),
      });
    adviseCsv(call, frame, reading);
  },
});

function isTextName(name: string, given: Parameters<typeof formatOfName>[1]): boolean {
  const { format } = formatOfName(name, given);
  return format === "csv" || format === "jsonl" || format === "json";
}
