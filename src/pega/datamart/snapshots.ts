/** The last snapshot of a table, and models joined with their predictors. */
import type { DataFrame, Polars } from "../../table/index.ts";

/** The rows of the latest `SnapshotTime` of the whole table; all rows where none has one. */
export function lastSnapshot(pl: Polars, frame: DataFrame): DataFrame {
  const times = frame.getColumn("SnapshotTime");
  if (times.nullCount() === frame.height) return frame;
  return frame.filter(pl.col("SnapshotTime").eq(pl.col("SnapshotTime").max()));
}

/**
 * One row for each bin of each model that both tables have. A column that both have, beside `ModelID`, has the ending `Bin` where it
 * is the predictor's: `Performance` of the model, `PerformanceBin` of the predictor.
 */
export function combined(models: DataFrame, predictors: DataFrame): DataFrame {
  const taken = new Set(models.columns);
  const right = predictors.clone();
  right.columns = predictors.columns.map((name) => {
    if (name === "ModelID" || !taken.has(name)) {
      taken.add(name);
      return name;
    }
    let free = `${name}Bin`;
    for (let number = 2; taken.has(free) || predictors.columns.includes(free); number += 1)
      free = `${name}Bin_${number}`;
    taken.add(free);
    return free;
  });
  return models.join(right, { on: "ModelID", how: "inner", maintainOrder: "left_right" } as never);
}
