/** Decimals from text: polars rounds digits that do not fit and says nothing, so they are looked for before. */
import type { Expr, LazyDataFrame, Polars } from "../engine.ts";
import { columnExpr } from "../rows/expression.ts";
import type { Column } from "./kind.ts";
import { engineType } from "./types.ts";

/** Turns the columns of text that are to be decimals into them. A cell with more digits behind the point fails the whole. */
export function exactDecimals(
  pl: Polars,
  lazy: LazyDataFrame,
  columns: readonly Column[],
  point: "." | "," = ".",
): LazyDataFrame {
  const casts = columns.flatMap(({ name, type }) => {
    if (type.kind !== "decimal") return [];
    const cell = inPoints(pl, columnExpr(pl, name), point);
    const tooFine = cell.str.contains(new RegExp(`[.]\\d{${type.scale}}\\d*[1-9]|[eE]`));
    // what is too fine becomes text that no decimal can be, so that the strict cast names it
    const text = pl
      .when(tooFine)
      .then(pl.concatString([pl.lit("inexact: "), cell]))
      .otherwise(cell);
    return [text.cast(engineType(pl, type), true).alias(name)];
  });
  return casts.length === 0 ? lazy : lazy.withColumns(...casts);
}

/** Numbers with a comma as polars reads them. A point is none of theirs, and no decimal can be what it becomes. */
function inPoints(pl: Polars, cell: Expr, point: "." | ","): Expr {
  if (point === ".") return cell;
  const pointed = pl.concatString([pl.lit("not with a comma: "), cell]);
  return pl.when(cell.str.contains(/[.]/)).then(pointed).otherwise(cell.str.replace(",", "."));
}
