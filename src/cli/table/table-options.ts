/** The options of commands that read tables, and what they mean to `readTable`. */
import { type ColumnType, kindNamed, type TableFormat, tableFormats, type Where } from "../../table/index.ts";
import { type DecompressionOptions, decompressionOf, decompressionOptions } from "../decompression-options.ts";
import { choice, count, type Flag, flag, parsed, text, texts, type ValueOption, type ValuesOf } from "../option.ts";
import { testOf } from "./where-option.ts";

type Encoding = "utf-8" | "utf-16le" | "latin1" | "windows-1252";

type ReadOptions = {
  readonly format: ValueOption<TableFormat>;
  readonly columns: ValueOption<readonly string[]>;
  readonly where: ValueOption<readonly Where<readonly string[]>[]>;
  readonly types: ValueOption<readonly (readonly [string, ColumnType])[]>;
  readonly dates: Flag;
  readonly delimiter: ValueOption<string>;
  readonly decimal: ValueOption<"." | ",">;
  readonly encoding: ValueOption<Encoding>;
  readonly quote: ValueOption<string | false>;
  readonly nulls: ValueOption<readonly string[]>;
  readonly "skip-rows": ValueOption<number>;
  readonly comment: ValueOption<string>;
  readonly "no-header": Flag;
  readonly glob: Flag;
  readonly "source-column": ValueOption<string>;
} & DecompressionOptions;

const names = (given: string): readonly string[] => given.split(",").filter((name) => name !== "");

export function columnList(placeholder: string, summary: string, short?: string): ValueOption<readonly string[]> {
  return parsed(placeholder, summary, names, short);
}

export const readOptions: ReadOptions = {
  format: { ...choice(tableFormats, "what it is, where its name does not say"), also: ["source-format"] },
  columns: columnList("A,B", "these columns, in this order", "c"),
  where: {
    ...parsed("TEST", "rows that pass, e.g. 'id>=5' or 'name=\"x\"'; again: all must pass", (given) => [testOf(given)]),
    gathers: true,
  },
  types: {
    ...parsed("A=TYPE,B=TYPE", "what columns of text are, e.g. id=string,amount=decimal(38,2)", typesOf),
    gathers: true,
  },
  dates: flag("take ISO dates in CSV and JSON for dates"),
  delimiter: {
    ...parsed("CHAR", "between the cells of CSV, e.g. ';' or \\t", characterOf),
    also: ["separator", "sep"],
  },
  decimal: choice([".", ","], "before the fraction of a number in CSV"),
  encoding: {
    ...parsed("NAME", "of CSV: utf-8, windows-1252, latin1 or utf-16le (default utf-8)", encodingOf),
    words: ["utf-8", "windows-1252", "latin1", "utf-16le"],
  },
  quote: parsed("CHAR|none", 'around cells of CSV (default ")', (given) => (given === "none" ? false : given)),
  nulls: { ...texts("TEXT", "a missing value in CSV, besides an empty cell; again: another"), also: ["null-values"] },
  "skip-rows": count("N", "lines of CSV to leave out at the beginning"),
  comment: text("TEXT", "leave out lines of CSV that begin with it"),
  "no-header": flag("CSV without a first row of names"),
  glob: flag("the addresses are patterns", "g"),
  "source-column": text("NAME", "a column with the address of each row"),
  ...decompressionOptions,
};

/** As `readTable` takes them. */
export function readingOf(values: ValuesOf<ReadOptions>) {
  const { format, columns, where, types, dates, delimiter, decimal, encoding, quote, nulls, comment } = values;
  const given = {
    ...{ format, columns, delimiter, decimal, encoding, quote, comment },
    where: where === undefined ? undefined : { and: where },
    types: types === undefined ? undefined : Object.fromEntries(types),
    dates: dates || undefined,
    nullValues: nulls,
    skipRows: values["skip-rows"],
    header: values["no-header"] ? false : undefined,
    sourceColumn: values["source-column"],
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(present), ...decompressionOf(values) } as { readonly format?: TableFormat };
}

/** `id=string,amount=decimal(38,2)`: commas in brackets part nothing, and a name may hold an equals sign. */
function typesOf(given: string): readonly (readonly [string, ColumnType])[] {
  return given.split(/,(?![^()]*\))/).map((part) => {
    const [, name = "", type = ""] = /^(.+)=([^=]+)$/s.exec(part) ?? [];
    if (type === "") throw new RangeError(`expected NAME=TYPE, e.g. id=string, not ${part}`);
    try {
      kindNamed(type as ColumnType, name);
    } catch (error) {
      throw new RangeError(error instanceof Error ? error.message : String(error));
    }
    return [name, type as ColumnType];
  });
}

/** A tab is hard to type. */
export function characterOf(given: string): string {
  return given === "\\t" || given === "tab" ? "\t" : given;
}

/** Under the names that other tools have for them, too. */
function encodingOf(given: string): Encoding {
  const known = encodings[given.toLowerCase().replace(/[-_ ]/g, "")];
  if (known === undefined) throw new RangeError("expected utf-8, windows-1252, latin1 or utf-16le");
  return known;
}

const encodings: Readonly<Record<string, Encoding>> = {
  ...{ utf8: "utf-8", utf8sig: "utf-8", utf16: "utf-16le", utf16le: "utf-16le" },
  ...{ latin1: "latin1", iso88591: "latin1", windows1252: "windows-1252", cp1252: "windows-1252" },
};

export function limit(summary: string): ValueOption<number> {
  return count("N", summary, "n");
}
