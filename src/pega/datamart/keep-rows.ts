/** The rows of a frame that are marked. */
import type { DataFrame, Polars } from "../../table/index.ts";

/** `marks` has one for each row. */
export function keepRows(pl: Polars, frame: DataFrame, marks: readonly boolean[]): DataFrame {
  return frame.filter(pl.lit(pl.Series("kept", [...marks], pl.Bool)));
}
