/** What `engine` may hold, by format: polars takes any name and does nothing with one that it does not have. */
import { mistakeIn } from "../../error/index.ts";
import type { TableFormat } from "../../table/index.ts";

const names = (text: string): readonly string[] => text.split(" ");
const json = names(
  "inferSchemaLength batchSize nRows lowMemory rechunk ignoreErrors schema schemaOverrides rowIndexName rowIndexOffset cloudOptions includeFilePaths",
);

export const engineRead: Readonly<Partial<Record<TableFormat, readonly string[]>>> = {
  csv: names(
    "hasHeader sep commentPrefix quoteChar skipRows skipLines nullValues ignoreErrors cache inferSchemaLength rechunk nRows nThreads encoding lowMemory parseDates skipRowsAfterHeader rowIndexName rowIndexOffset eolChar missingUtf8IsEmptyString raiseIfEmpty truncateRaggedLines decimalComma glob schema cloudOptions includeFilePaths missingColumns",
  ),
  jsonl: json,
  json,
  parquet: names("columns nRows parallel rowIndexName rowIndexOffset"),
  arrow: names("nRows cache rechunk"),
};

export const engineWrite: Readonly<Partial<Record<TableFormat, readonly string[]>>> = {
  csv: names(
    "includeBom includeHeader separator quoteChar lineTerminator batchSize datetimeFormat dateFormat timeFormat floatScientific floatPrecision decimalComma nullValue quoteStyle compression compressionLevel checkExtension maintainOrder cloudOptions syncOnClose mkdir",
  ),
  jsonl: names("compression compressionLevel checkExtension cloudOptions syncOnClose maintainOrder mkdir"),
  parquet: names(
    "compression compressionLevel statistics rowGroupSize dataPagesizeLimit maintainOrder cloudOptions syncOnClose mkdir",
  ),
  arrow: names("compression compatLevel cloudOptions syncOnClose maintainOrder mkdir"),
};

/** TypeError for a name that polars does not have. */
export function checkEngine(verb: string, format: TableFormat, engine: unknown, table: typeof engineRead): void {
  const known = table[format];
  if (engine === undefined || known === undefined) return;
  const mistake = mistakeIn(`engine of ${verb}() for ${format}`, engine, new Set(known));
  if (mistake !== undefined) throw mistake;
}
