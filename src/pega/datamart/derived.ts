/** Columns that are computed of others: rates and propensities, when a figure last changed, what a predictor belongs to. */
import type { DataFrame, Polars } from "../../table/index.ts";

type Expr = ReturnType<Polars["col"]>;

/** The category of a predictor, by its name. */
export type PredictorCategory = (predictorName: string) => string;

/** What stands before the first `.` of its name, `Primary` where there is none. */
export const categoryOf: PredictorCategory = (name) => (name.includes(".") ? (name.split(".", 1)[0] ?? "") : "Primary");

/** `SuccessRate`, `Last_Positives`, `Last_ResponseCount`, and `NA` in columns of the context that are not there. */
export function withModelFigures(pl: Polars, models: DataFrame, contextKeys: readonly string[]): DataFrame {
  const columns: Expr[] = [];
  const has = (name: string) => models.columns.includes(name);
  if (has("Positives") && has("ResponseCount"))
    columns.push(pl.col("Positives").div(pl.col("ResponseCount")).fillNan(0).alias("SuccessRate"));
  columns.push(...lastChanges(pl, models));
  for (const key of contextKeys) if (!has(key)) columns.push(pl.lit("NA").alias(key));
  return columns.length === 0 ? models : models.withColumns(...columns);
}

/** `Last_Positives` and `Last_ResponseCount` as of these rows. */
export function withLastChanges(pl: Polars, models: DataFrame): DataFrame {
  const columns = lastChanges(pl, models);
  return columns.length === 0 ? models : models.withColumns(...columns);
}

/** Whether it is computed of the rows that there are. */
export function isDerived(column: string): boolean {
  return ["SuccessRate", "Last_Positives", "Last_ResponseCount"].includes(column);
}

function lastChanges(pl: Polars, models: DataFrame): Expr[] {
  return ["Positives", "ResponseCount"]
    .filter((column) => models.columns.includes(column))
    .map((column) => lastChange(pl, column));
}

/**
 * Of each model, the latest snapshot in which the figure is not what it was in the row before; where it never changes, the latest one
 * there is. Rows are compared in the order of the export.
 */
function lastChange(pl: Polars, column: string): Expr {
  const [figure, time] = [pl.col(column), pl.col("SnapshotTime")];
  return pl
    .when(figure.min().eq(figure.max()))
    .then(time.max())
    .otherwise(time.filter(figure.diff(1, "ignore").neq(0)).max())
    .over("ModelID")
    .alias(`Last_${column}`);
}

/** `BinResponseCount` where it is missing, `BinPropensity`, `BinAdjustedPropensity`, and `PredictorCategory` where it is missing. */
export function withBinFigures(pl: Polars, predictors: DataFrame, category: PredictorCategory): DataFrame {
  const has = (name: string) => predictors.columns.includes(name);
  const [positives, negatives, count] = ["BinPositives", "BinNegatives", "BinResponseCount"].map((name) =>
    pl.col(name),
  ) as [Expr, Expr, Expr];
  let frame = predictors;
  if (!has("BinResponseCount") && has("BinPositives") && has("BinNegatives"))
    frame = frame.withColumns(positives.add(negatives).alias("BinResponseCount"));
  if (has("BinPositives") && frame.columns.includes("BinResponseCount"))
    frame = frame.withColumns(
      positives.div(count).alias("BinPropensity"),
      positives
        .add(pl.lit(0.5))
        .div(count.add(pl.lit(1)))
        .alias("BinAdjustedPropensity"),
    );
  if (has("PredictorName") && !has("PredictorCategory"))
    frame = frame.withColumns(categories(pl, frame.getColumn("PredictorName").toArray() as unknown[], category));
  return frame;
}

/** Asked once for each name. */
function categories(pl: Polars, names: readonly unknown[], category: PredictorCategory) {
  const known = new Map<string, string>();
  const found = names.map((name) => {
    if (typeof name !== "string") return "Primary";
    const answer = known.get(name) ?? category(name);
    known.set(name, answer);
    return answer;
  });
  return pl.Series("PredictorCategory", found, pl.String);
}
