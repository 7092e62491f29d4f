/** The options of `readTable` as what they ask, once for all formats. */
import { conditionOf, type Question, type TableFormat } from "../../table/index.ts";
import type { OnError } from "../options.ts";
import { checkEngine, engineRead, engineWrite } from "./engine-options.ts";
import type { TableQuery } from "./types.ts";

/** TypeError and RangeError for what asks nothing. */
export function questionOf({ columns, where, limit }: TableQuery<never, OnError> | TableQuery): Question {
  const condition = conditionOf(where);
  if (columns === undefined) return { condition, limit };
  const names: readonly string[] = Array.isArray(columns) ? columns : Object.keys(columns);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`columns names ${JSON.stringify(twice)} twice`);
  if (names.length === 0) throw new TypeError("columns names none: leave it out for all");
  const types = Array.isArray(columns) ? undefined : (columns as NonNullable<Question["types"]>);
  return { columns: names, types, condition, limit };
}

const only: Readonly<Record<TableFormat, readonly string[]>> = {
  csv: "delimiter header quote decimal skipRows comment nullValues encoding types dates engine".split(" "),
  jsonl: ["types", "dates", "engine"],
  json: ["types", "dates", "engine"],
  parquet: ["rowGroups", "engine"],
  arrow: ["engine"],
  pickle: ["limits"],
};
const ofFormats = new Set(Object.values(only).flat());

interface Engined {
  readonly engine?: unknown;
}

/** TypeError for an option of another format, and for one that polars does not have. */
export function checkReadFormat(format: TableFormat, options: object): void {
  checkFormat("readTable", format, options, only, ofFormats);
  checkEngine("readTable", format, (options as Engined).engine, engineRead);
}

const written: Readonly<Record<TableFormat, readonly string[]>> = {
  csv: "delimiter header quote decimal newline nullValue floatDigits floatScientific dateFormat timestampFormat engine".split(
    " ",
  ),
  jsonl: ["engine"],
  json: [],
  parquet: ["codec", "rowGroupRows", "engine"],
  arrow: ["codec", "engine"],
  pickle: [],
};
const ofWritten = new Set(Object.values(written).flat());

export function checkWriteFormat(format: TableFormat, options: object): void {
  checkFormat("writeTable", format, options, written, ofWritten);
  checkEngine("writeTable", format, (options as Engined).engine, engineWrite);
}

function checkFormat(
  verb: string,
  format: TableFormat,
  options: object,
  table: Readonly<Record<TableFormat, readonly string[]>>,
  all: ReadonlySet<string>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || !all.has(name) || table[format].includes(name)) continue;
    const others = (Object.keys(table) as TableFormat[]).filter((each) => table[each].includes(name));
    throw new TypeError(`${name} of ${verb}() is an option of ${others.join(" and ")}, not of ${format}`);
  }
}
