/** The options of commands that read tables, and what they mean to `readTable`. */
import type { TableFormat, Where } from "../../table/index.ts";
import { type DecompressionOptions, decompressionOf, decompressionOptions } from "../decompression-options.ts";
import { choice, count, type Flag, flag, parsed, text, texts, type ValueOption, type ValuesOf } from "../option.ts";

const formats = ["csv", "jsonl", "json", "parquet", "arrow", "pickle"] as const satisfies readonly TableFormat[];
const names = (given: string): readonly string[] => given.split(",").filter((name) => name !== "");

type ReadOptions = {
  readonly format: ValueOption<TableFormat>;
  readonly columns: ValueOption<readonly string[]>;
  readonly where: ValueOption<readonly string[]>;
  readonly delimiter: ValueOption<string>;
  readonly "no-header": Flag;
  readonly dates: Flag;
  readonly glob: Flag;
  readonly "source-column": ValueOption<string>;
} & DecompressionOptions;

export function columnList(placeholder: string, summary: string, short?: string): ValueOption<readonly string[]> {
  return parsed(placeholder, summary, names, short);
}

export const readOptions: ReadOptions = {
  format: choice(formats, "what it is, where its name does not say"),
  columns: columnList("A,B", "these columns, in this order", "c"),
  where: texts("TEST", "rows that pass, e.g. 'id>=5' or 'name=\"x\"'; again: all must pass"),
  delimiter: text("CHAR", "between the cells of CSV"),
  "no-header": flag("CSV without a first row of names"),
  dates: flag("take ISO dates in CSV for dates"),
  glob: flag("the addresses are patterns", "g"),
  "source-column": text("NAME", "a column with the address of each row"),
  ...decompressionOptions,
};

/** As `readTable` takes them. */
export function readingOf(values: ValuesOf<ReadOptions>) {
  const { format, columns, where, delimiter, dates } = values;
  const tests = where?.map(testOf);
  return {
    ...(format === undefined ? {} : { format }),
    ...(columns === undefined ? {} : { columns }),
    ...(tests === undefined ? {} : { where: { and: tests } }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter === "\\t" ? "\t" : delimiter }),
    ...(values["no-header"] ? { header: false } : {}),
    ...(dates ? { dates } : {}),
    ...(values["source-column"] === undefined ? {} : { sourceColumn: values["source-column"] }),
    ...decompressionOf(values),
  } as { readonly format?: TableFormat };
}

export function limit(summary: string): ValueOption<number> {
  return count("N", summary, "n");
}

const operators = { "=": "eq", "==": "eq", "!=": "ne", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" } as const;

/** `id>=5`, `name="x"`, `name=null`. RangeError for what is none. */
export function testOf(given: string): Where<readonly string[]> {
  const [, column = "", operator = "", value = ""] = /^(.+?)\s*(==|!=|<=|>=|=|<|>)\s*(.*)$/s.exec(given) ?? [];
  if (column === "" || value === "")
    throw new RangeError(`expected a test such as 'id>=5' or 'name="x"', not ${given}`);
  return { [column.trim()]: { [operators[operator as keyof typeof operators]]: scalarOf(value) } };
}

function scalarOf(text: string): string | number | bigint | boolean | null {
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  if (/^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}
