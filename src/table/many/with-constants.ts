/** Columns that have one value in all rows. */
import type { DataFrame, Polars } from "../engine.ts";
import { literalOf } from "../rows/expression.ts";
import type { Constant } from "../rows/fit.ts";
import { engineType } from "../values/types.ts";

/** A column of the file itself that has the same name gives way, as a condition on it does. */
export function withConstants(pl: Polars, frame: DataFrame, constants: ReadonlyMap<string, Constant>): DataFrame {
  if (constants.size === 0 || frame.width === 0) return frame;
  return frame.withColumns(
    ...[...constants].map(([name, { kind, value }]) => {
      const cell = value === null ? pl.lit(null) : literalOf(pl, value, kind);
      return cell.cast(engineType(pl, kind)).alias(name);
    }),
  );
}
