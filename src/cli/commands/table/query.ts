/** `entrepot table query`: SQL over tables, as polars understands it. */
import { type DataFrame, loadPolars, queryTables } from "../../../table/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { readingOf, readOptions } from "../../table/table-options.ts";
import { tellFrame } from "../../table/tell-frame.ts";
import { UsageError } from "../../usage-error.ts";
import { sourceOf } from "./source.ts";

export const query: Command = defineCommand({
  name: "table query",
  summary: "ask tables in SQL",
  synopsis: "[options] <sql> <table>...",
  operands: { min: 2, max: Number.POSITIVE_INFINITY },
  options: readOptions,
  notes: [
    "A table is an address, or NAME=ADDRESS to be called that; the first one without a name is t, the next t2.",
    "year=2024/x.parquet is a path; a table called year in a folder is year=./2024/x.parquet.",
    "--columns and --where decide what is fetched of each; what the SQL leaves out is fetched all the same.",
  ],
  examples: [
    {
      line: "entrepot table query 'select day, max(amount) from t group by day' s3://my-bucket/sales.parquet",
      says: "totals",
    },
    {
      line: "entrepot table query -c day,amount 'select max(amount) from s' s=s3://my-bucket/sales.parquet",
      says: "fetches two columns",
    },
  ],
  async run(call, values, [sql = "", ...operands]) {
    const depot = await call.depot();
    const tables: Record<string, DataFrame> = {};
    for (const [name, address] of namedTables(operands)) {
      const from = sourceOf(depot, [address], values.glob);
      tables[name] = (await depot.readTable(from, readingOf(values))) as DataFrame;
    }
    await tellFrame(call, await queryTables(await loadPolars(), sql, tables));
  },
});

/** UsageError for a name that two of them have. */
export function namedTables(operands: readonly string[]): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  let unnamed = 0;
  for (const operand of operands) {
    // a folder of Hive's stands before a slash, too
    const [, name, address] = /^([A-Za-z_]\w*)=(\w+:\/\/.+|[./~].*|[^/]+)$/s.exec(operand) ?? [];
    if (name === undefined) unnamed += 1;
    const called = name ?? (unnamed === 1 ? "t" : `t${unnamed}`);
    if (tables.has(called)) throw new UsageError(`two tables are called ${called}`, "NAME=ADDRESS names each");
    tables.set(called, address ?? operand);
  }
  return tables;
}
