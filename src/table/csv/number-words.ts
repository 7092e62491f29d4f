/**
 * Columns of CSV that are text to polars only because a number of theirs is called `Infinity` or `nan`, as JavaScript, Python and R
 * write them. What begins with a plus, as telephone numbers do, stays text.
 */
import type { DataFrame, LazyDataFrame, Polars } from "../engine.ts";
import { columnExpr, columnsExpr } from "../rows/expression.ts";

/** Rows that nearly every column of text shows itself in. */
const fewRows = 20;

/** Of the columns that were found to be text, the ones of numbers. `collect` reads what it is given. */
export async function columnsOfNumbers(
  pl: Polars,
  text: LazyDataFrame,
  names: readonly string[],
  { decimal = ".", limit }: { readonly decimal?: "." | "," | undefined; readonly limit: number | undefined },
  collect: (rows: LazyDataFrame) => Promise<DataFrame>,
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const number = `-?(?:\\d+[${decimal}]?\\d*|[${decimal}]\\d+)(?:[eE][+-]?\\d+)?`;
  const word = "[+-]?(?:[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|[nN][aA][nN])";
  const either = new RegExp(`^(?:${number}|${word})$`);
  const head = await collect(text.select(...columnsExpr(pl, names)).limit(Math.min(fewRows, limit ?? fewRows)));
  const likely = names.filter((name) =>
    head
      .getColumn(name)
      .toArray()
      .every((cell) => cell === null || either.test(String(cell))),
  );
  if (likely.length === 0) return new Set();
  const rows = text.select(...columnsExpr(pl, likely));
  const all = await collect(limit === undefined ? rows : rows.limit(limit));
  const has = (name: string, pattern: string, isThere: boolean) =>
    all.filter(columnExpr(pl, name).str.contains(new RegExp(pattern)).eq(pl.lit(isThere))).height > 0;
  return new Set(likely.filter((name) => !has(name, either.source, false) && has(name, `^${number}$`, true)));
}
