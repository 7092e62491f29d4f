/** Decimals from text: polars rounds digits that do not fit and says nothing, so they are looked for before. */
import type { LazyDataFrame, Polars } from "../engine.ts";
import { columnExpr } from "../rows/expression.ts";
import type { Column } from "./kind.ts";
import { engineType } from "./types.ts";

/** Turns the columns of text that are to be decimals into them. A cell with more digits behind the point fails the whole. */
export function exactDecimals(pl: Polars, lazy: LazyDataFrame, columns: readonly Column[]): LazyDataFrame {
  const casts = columns.flatMap(({ name, type }) => {
    if (type.kind !== "decimal") return [];
    const cell = columnExpr(pl, name);
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
