/** `entrepot table convert`: a table in another format, or in parts. */
import { tableFormats } from "../../../table/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { choice, flag } from "../../option.ts";
import { adviseCsv } from "../../table/csv-advice.ts";
import { counted } from "../../table/pretty.ts";
import { columnList, limit, readingOf, readOptions } from "../../table/table-options.ts";
import { writeOptions, writingOf } from "../../table/write-options.ts";
import { UsageError } from "../../usage-error.ts";
import { refuseStream, sourceOf } from "./source.ts";

export const convert: Command = defineCommand({
  name: "table convert",
  summary: "write a table in another format",
  synopsis: "[options] <address>... <target>",
  operands: { min: 2, max: Number.POSITIVE_INFINITY },
  options: {
    ...readOptions,
    rows: limit("at most so many rows"),
    to: { ...choice(tableFormats, "what the target is, where its name does not say"), also: ["target-format"] },
    ...writeOptions,
    "partition-by": columnList("A,B", "a folder for each value of these columns, below the target"),
    existing: choice(["merge", "replace"], "beside what the folder of --partition-by holds, or in its place"),
    "no-overwrite": flag("fail when the target exists"),
  },
  examples: [
    { line: "entrepot table convert s3://my-bucket/sales.csv.gz s3://my-bucket/sales.parquet", says: "CSV as Parquet" },
    {
      line: "entrepot table convert --delimiter ';' --decimal , --encoding latin1 ./umsatz.csv ./sales.csv",
      says: "European CSV as any program reads it",
    },
    {
      line: "entrepot table convert -c day,amount --where 'amount>1' s3://my-bucket/sales.parquet ./some.csv",
      says: "a part",
    },
    {
      line: "entrepot table convert --partition-by day s3://my-bucket/sales.parquet s3://my-bucket/by-day/",
      says: "a folder a day",
    },
  ],
  async run(call, values, operands) {
    const target = operands.at(-1) ?? "";
    const sources = operands.slice(0, -1);
    const partitionBy = values["partition-by"];
    refuseStream([target]);
    if (partitionBy === undefined && target.endsWith("/"))
      throw new UsageError("the target is a folder", "name a file in it, or give --partition-by");
    const depot = await call.depot();
    const from = sourceOf(depot, sources, values.glob);
    const frame = await depot.readTable(from, { ...readingOf(values), limit: values.rows });
    const writing = {
      ...(values.to === undefined ? {} : { format: values.to }),
      ...writingOf(values),
      ...(values["no-overwrite"] ? { ifNoneMatch: "*" } : {}),
      ...(partitionBy === undefined ? {} : { partitionBy }),
      ...(values.existing === undefined ? {} : { existing: values.existing }),
    } as { readonly partitionBy: readonly string[] };
    const written = await depot.writeTable(target, frame, writing);
    for (const { uri, sizeBytes } of "files" in written ? written.files : [written])
      await call.output.tell({
        text: () => printable(uri),
        json: () => ({ type: "written", uri, sizeBytes }),
      });
    const { height, width } = frame;
    call.output.say({
      text: () => (call.output.quiet ? undefined : `${counted(height, "row")}, ${counted(width, "column")}`),
      json: () => undefined,
    });
    adviseCsv(call, frame, readingOf(values));
  },
});
