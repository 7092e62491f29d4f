/** `entrepot pega table`: a table of a repository, or of exports wherever they lie, shown or written in another format. */
import { closest } from "../../../error/index.ts";
import { type PegaTable, pegaTables, readExport } from "../../../pega/index.ts";
import type { DataFrame, Frame } from "../../../table/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { flag, text, type ValuesOf } from "../../option.ts";
import {
  datamartFolderOption,
  fetchingOf,
  meantTable,
  onBrokenOf,
  repositoryOf,
  repositoryOptions,
  skipBrokenOption,
  tableNames,
} from "../../pega/pega-options.ts";
import { counted } from "../../table/pretty.ts";
import { columnList, limit } from "../../table/table-options.ts";
import { tellFrame } from "../../table/tell-frame.ts";
import { UsageError } from "../../usage-error.ts";

const options = {
  ...repositoryOptions,
  ...datamartFolderOption,
  table: tableNames,
  ...skipBrokenOption,
  all: flag("of a folder of exports all of the table, not the newest"),
  columns: columnList("A,B", "these columns, in this order", "c"),
  rows: limit("at most so many rows"),
  "source-column": text("NAME", "a column with the file that each row comes from"),
  to: text("ADDRESS", "write it there instead, e.g. models.parquet"),
};

export const table: Command = defineCommand({
  name: "pega table",
  summary: "a table of a repository, or an export, as rows",
  synopsis: "[options] <repository> <table> | <export>",
  operands: { min: 1, max: 2 },
  options,
  notes: [
    "Of a repository, with the name of a table: fetches what is not here, and reads files that come behind those read before;",
    "what a file touches that was changed, came in between or is gone is read anew.",
    `The tables are ${pegaTables.join(", ")}.`,
    "Alone, an address is an export (zip, gzip, JSON, CSV, Parquet, Arrow), or a folder of them, of which the newest is read.",
    "Needs the package nodejs-polars beside entrepot. On a terminal tables are aligned, in a pipe they are CSV.",
  ],
  examples: [
    { line: "entrepot pega table -n 5 s3://my-bucket/ modelSnapshot", says: "five rows of all model snapshots" },
    { line: "entrepot pega table --table modelSnapshot s3://my-bucket/datamart/", says: "the newest export alone" },
    {
      line: "entrepot pega table --to models.parquet s3://my-bucket/ modelSnapshot",
      says: "as Parquet, for other tools",
    },
  ],
  async run(call, values, operands) {
    const frame = chosen((await read(call, values, operands)) as DataFrame, values);
    const { to } = values;
    if (to === undefined) return tellFrame(call, frame);
    const depot = await call.depot("many");
    const { uri, sizeBytes } = await depot.writeTable(to, frame);
    await call.output.tell({ text: () => printable(uri), json: () => ({ type: "written", uri, sizeBytes }) });
    call.output.say({
      text: () =>
        call.output.quiet ? undefined : `${counted(frame.height, "row")}, ${counted(frame.width, "column")}`,
      json: () => undefined,
    });
  },
});

async function read(
  call: Call,
  values: ValuesOf<typeof options>,
  [address = "", named]: readonly string[],
): Promise<Frame> {
  const depot = await call.depot("many");
  const sourceColumn = values["source-column"];
  const onBroken = onBrokenOf(call, values);
  if (named === undefined) {
    const other = (["dir", "use-meta-files", "datamart-folder"] as const).find((name) => values[name]);
    if (other !== undefined)
      throw new UsageError(`--${other} is for a repository`, "name its table behind it, e.g. modelSnapshot");
    const files = values.all ? "all" : "newest";
    return readExport(address, {
      data: depot,
      table: values.table,
      files,
      sourceColumn,
      onBroken,
      signal: call.signal,
    });
  }
  if (values.table !== undefined || values.all)
    throw new UsageError(`--${values.all ? "all" : "table"} is for a folder of exports`, "leave it out");
  const repository = repositoryOf(depot, address, values);
  return repository.readTable(known(named), {
    ...fetchingOf(call, values),
    datamartFolder: values["datamart-folder"],
    sourceColumn,
    onBroken,
  });
}

function known(name: string): PegaTable {
  try {
    return tableNames.parse(name);
  } catch {
    throw new UsageError(`there is no table ${name}`, meantTable(name));
  }
}

function chosen(frame: DataFrame, { columns, rows, "source-column": source }: ValuesOf<typeof options>): DataFrame {
  const missing = columns?.find((name) => !frame.columns.includes(name));
  if (missing !== undefined) {
    const near = closest(missing, frame.columns);
    const meant = near === undefined ? "" : `did you mean ${near}? `;
    throw new UsageError(`the table has no column ${missing}`, `${meant}it has ${frame.columns.join(", ")}`);
  }
  // what was asked for by an option of its own stays, the last as always
  const asked = source === undefined || columns === undefined || columns.includes(source) ? [] : [source];
  const narrow = columns === undefined ? frame : (frame.select(...columns, ...asked) as DataFrame);
  return rows === undefined ? narrow : (narrow.head(rows) as DataFrame);
}
