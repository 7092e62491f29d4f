/** The rows of a frame that are marked. */
import type { DataFrame, Polars } from "../../table/index.ts";

/** `marks` has one for each row. */
export function keepRows(pl: Polars, frame: DataFrame, marks: readonly boolean[]): DataFrame {
  let name = "kept";
  while (frame.columns.includes(name)) name += "_";
  return frame
    .withColumns(pl.Series(name, [...marks], pl.Bool))
    .filter(pl.col(name))
    .drop(name);
}
