/**
 * A frame whose cells CSV tells apart once they are written: polars quotes texts where they need it, and nothing else. What would be
 * read back as something else is said before anything is written.
 */
import { EntrepotError } from "../../error/index.ts";
import { checkCharacter } from "../csv/read-csv.ts";
import type { DataFrame, Expr, Polars } from "../engine.ts";
import type { WriteFormats } from "../formats.ts";
import { columnExpr } from "../rows/expression.ts";
import { columnsOf } from "../values/columns-of.ts";

type Options = WriteFormats["csv"];

/** Errors: unsupported; RangeError for options. */
export function csvCells(pl: Polars, frame: DataFrame, options: Options, uri: string): DataFrame {
  checkOptions(options);
  const { dateFormat, timestampFormat, nullValue } = options;
  const texts = columnsOf(frame).flatMap(({ name, type }) => {
    const format = type.kind === "date" ? dateFormat : type.kind === "timestamp" ? timestampFormat : undefined;
    const cell = columnExpr(pl, name) as Expr & { readonly dt: { strftime(format: string): Expr } };
    return format === undefined ? [] : [cell.dt.strftime(format).alias(name)];
  });
  const cells = texts.length === 0 ? frame : frame.withColumns(...texts);
  const [only, other] = cells.columns;
  if (only !== undefined && other === undefined && (nullValue ?? "") === "" && cells.getColumn(only).nullCount() > 0)
    throw blank(only, uri);
  const taken = nullValue === undefined || nullValue === "" ? undefined : holding(pl, cells, nullValue);
  if (taken !== undefined) throw ambiguous(taken, nullValue ?? "", uri);
  return cells;
}

function checkOptions({ delimiter = ",", quote = '"', decimal, nullValue = "" }: Options): void {
  checkCharacter("delimiter", delimiter);
  if (quote === false) throw new RangeError("CSV is not written without quotes: a cell may hold a delimiter");
  checkCharacter("quote", quote);
  for (const [name, value] of Object.entries({ delimiter, quote }))
    if (/[\w+.:-]/.test(value) && value !== "_")
      throw new RangeError(`${name} ${JSON.stringify(value)} of a table stands in numbers or times, too`);
  if (quote === delimiter) throw new RangeError(`quote and delimiter of a table are both ${JSON.stringify(quote)}`);
  if (delimiter === decimal)
    throw new RangeError('delimiter and decimal of a table are both ",": { delimiter: ";" } tells them apart');
  if ([delimiter, quote, "\n", "\r"].some((character) => nullValue.includes(character)))
    throw new RangeError(`nullValue ${JSON.stringify(nullValue)} holds a delimiter, a quote or a line end`);
}

function holding(pl: Polars, frame: DataFrame, text: string): string | undefined {
  return frame.columns.find((name) => frame.filter(columnExpr(pl, name).cast(pl.String).eq(pl.lit(text))).height > 0);
}

/** A blank line is no row to most readers, ours among them. */
function blank(name: string, uri: string): EntrepotError {
  return new EntrepotError(
    "unsupported",
    `column ${JSON.stringify(name)} is the only one and has missing values, which CSV writes as blank lines`,
    { uri, hint: '{ nullValue: "NA" } writes a text for them, which { nullValues: ["NA"] } reads' },
  );
}

function ambiguous(name: string, text: string, uri: string): EntrepotError {
  return new EntrepotError(
    "unsupported",
    `column ${JSON.stringify(name)} holds ${JSON.stringify(text)}, which nullValue makes a missing value`,
    { uri, hint: "give a nullValue that no cell holds" },
  );
}
