/** What is asked of a table: columns, their types, rows, how many. The same for every format. */
import type { ColumnType } from "../columns.ts";
import type { DataFrame, Expr, LazyDataFrame, Polars } from "../engine.ts";
import type { Condition } from "../rows/condition.ts";
import { columnsExpr, expressionOf, noColumn } from "../rows/expression.ts";
import type { Column } from "../values/kind.ts";

export interface Question {
  /** Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** What some columns are to become. */
  readonly types?: Readonly<Record<string, ColumnType>> | undefined;
  readonly condition?: Condition | undefined;
  /** Rows, from 0. */
  readonly limit?: number | undefined;
  /** Whether a file may lack columns that are asked for, as one of many. Default false. */
  readonly isPartial?: boolean | undefined;
}

/** A frame that is not computed yet, with its question. Errors: malformed for columns that there are none of. */
export function asked(
  pl: Polars,
  lazy: LazyDataFrame,
  columns: readonly Column[],
  { columns: chosen, condition, limit }: Question,
  uri: string,
): LazyDataFrame {
  let frame = lazy;
  if (condition !== undefined) frame = frame.filter(expressionOf(pl, condition, columns, uri));
  if (chosen !== undefined) frame = frame.select(...chosenOf(pl, chosen, columns, uri));
  return limit === undefined ? frame : frame.head(limit);
}

function chosenOf(pl: Polars, chosen: readonly string[], columns: readonly Column[], uri: string): Expr[] {
  for (const name of chosen) if (!columns.some((column) => column.name === name)) throw noColumn(name, columns, uri);
  return columnsExpr(pl, chosen);
}

/**
 * Computes a frame. A large one in polars' own threads, which leaves the event loop free; a small one here and now, where even a
 * panic of the engine is an error and not the end of the process.
 */
export async function collect(lazy: LazyDataFrame, isLarge: boolean): Promise<DataFrame> {
  return isLarge ? lazy.collect() : lazy.collectSync();
}
