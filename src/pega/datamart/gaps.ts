/** What rows cannot be told apart, or be joined, without: the model and the time of their snapshot. */
import { closest } from "../../error/index.ts";
import type { DataFrame } from "../../table/index.ts";
import type { TableName } from "./known-columns.ts";
import { columnName } from "./names.ts";
import type { Remark } from "./remark.ts";

const meanings = {
  ModelID: "without a model: no figure of a model counts them, and no predictor is joined with them",
  SnapshotTime: "without a time: no snapshot has them, and a trend leaves them out",
} as const;

/** Tells of rows without model or time, as the export has them: before times are read. */
export function remarkOnGaps(frame: DataFrame, table: TableName, tell: Remark): void {
  if (frame.height === 0) return;
  for (const column of ["ModelID", "SnapshotTime"] as const) {
    if (!frame.columns.includes(column)) {
      const message = `${column} of ${table}: the column is not there; all rows count as one snapshot`;
      tell({ kind: "missing-column", table, column, count: frame.height, message });
      continue;
    }
    const count = emptyCells(frame, column);
    if (count === 0) continue;
    const rows = count === 1 ? "1 row" : `${count} rows`;
    const message =
      column === "SnapshotTime" && count === frame.height
        ? `${column} of ${table}: none of ${rows} has a time; all count as one snapshot`
        : `${column} of ${table}: ${rows} of ${frame.height} ${meanings[column]}`;
    tell({ kind: "missing-value", table, column, count, message });
  }
}

function emptyCells(frame: DataFrame, column: string): number {
  const cells = frame.getColumn(column);
  if (!cells.dtype.toString().includes("String")) return cells.nullCount();
  return (cells.toArray() as unknown[]).filter((value) => value === null || value === "").length;
}

/** Tells of columns that were to be kept, and that no table has. */
export function remarkOnUnknown(included: readonly string[], known: ReadonlySet<string>, tell: Remark): void {
  if (known.size === 0) return;
  for (const column of included) {
    if (known.has(columnName(column)) || known.has(column)) continue;
    const meant = closest(columnName(column), known);
    const message = `includeColumns: no table has ${JSON.stringify(column)}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
    tell({ kind: "missing-column", table: undefined, column, count: 0, message });
  }
}

/** Tells when not one of the predictors belongs to one of the models: exports of different systems, or of times far apart. */
export function remarkOnStrangers(
  models: DataFrame | undefined,
  predictors: DataFrame | undefined,
  tell: Remark,
): void {
  if (models === undefined || predictors === undefined || models.height === 0 || predictors.height === 0) return;
  const known = idsOf(models);
  const others = idsOf(predictors);
  if ([...others].some((id) => known.has(id))) return;
  const message = `ModelID of predictors: none of their ${others.size} models is one of the ${known.size} in models, so that nothing is joined; are the two exports of one system and time?`;
  tell({ kind: "no-common-model", table: "predictors", column: "ModelID", count: predictors.height, message });
}

function idsOf(frame: DataFrame): ReadonlySet<unknown> {
  const ids = new Set(frame.getColumn("ModelID").toArray() as unknown[]);
  ids.delete(null);
  return ids;
}
