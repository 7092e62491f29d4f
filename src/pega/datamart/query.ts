/** Which models: by values that a column may have, or by a predicate on rows. */
import { EntrepotError, kindOfValue } from "../../error/index.ts";
import { type DataFrame, type Polars, rows } from "../../table/index.ts";
import { columnHint } from "./chosen.ts";
import { keepRows } from "./keep-rows.ts";
import { columnName } from "./names.ts";

type Value = string | number | boolean | Date | null;

/** The columns that most exports have. What is missing in a row is `null` all the same, which compares as 0 does. */
export interface ModelColumns {
  readonly ModelID: string;
  readonly Name: string;
  readonly Channel: string;
  readonly Direction: string;
  readonly Issue: string;
  readonly Group: string;
  readonly Configuration: string;
  readonly Treatment: string;
  /** Area under the curve, in the scale of the export: 0.5 to 1, or 50 to 100. */
  readonly Performance: number;
  /** 0 to 1. */
  readonly SuccessRate: number;
  readonly Positives: number;
  readonly ResponseCount: number;
  readonly SnapshotTime: Date;
  /** When the figure last changed. */
  readonly Last_Positives: Date;
  /** When the figure last changed. */
  readonly Last_ResponseCount: Date;
}

/** A row of models: its cells by the names of the columns, `null` for what is missing. */
export type ModelRow = ModelColumns & Readonly<Record<string, unknown>>;

/**
 * `{ Channel: ["Web", "SMS"], Issue: "Sales" }`, all of which hold, or `(row) => row.Performance > 0.6`. `null` means missing. A function
 * sees rows of models, of predictors only where there are no models.
 */
export type ModelQuery = Readonly<Record<string, Value | readonly Value[]>> | ((row: ModelRow) => boolean);

/**
 * The tables that the query leaves. Columns of models choose models, and predictors of other models go with them; a column that only
 * predictors have chooses among those. Errors: malformed for a column that neither has; TypeError for what is no query.
 */
export function queried(
  pl: Polars,
  tables: { readonly models: DataFrame | undefined; readonly predictors: DataFrame | undefined },
  query: ModelQuery,
): { readonly models: DataFrame | undefined; readonly predictors: DataFrame | undefined } {
  let { models, predictors } = tables;
  if (typeof query === "function") {
    const from = models ?? predictors;
    if (from === undefined) return tables;
    const kept = keepRows(
      pl,
      from,
      [...rows(from)].map((row) => query(row as ModelRow) === true),
    );
    if (models === undefined) return { models, predictors: kept };
    return { models: kept, predictors: ofModels(pl, predictors, kept) };
  }
  if (typeof query !== "object" || query === null || Array.isArray(query))
    throw new TypeError(`a query is { column: values } or a function, not ${kindOfValue(query)}`);
  for (const [asked, allowed] of Object.entries(query)) {
    const inModels = columnIn(models, asked);
    if (models !== undefined && inModels !== undefined) models = allowing(pl, models, inModels, allowed);
    else {
      const inPredictors = columnIn(predictors, asked);
      if (predictors === undefined || inPredictors === undefined) throw noColumn(asked, tables);
      predictors = allowing(pl, predictors, inPredictors, allowed);
    }
  }
  return { models, predictors: models === undefined ? predictors : ofModels(pl, predictors, models) };
}

function columnIn(frame: DataFrame | undefined, asked: string): string | undefined {
  if (frame === undefined) return undefined;
  return [asked, columnName(asked)].find((name) => frame.columns.includes(name));
}

function allowing(pl: Polars, frame: DataFrame, column: string, allowed: Value | readonly Value[]): DataFrame {
  const values: readonly unknown[] = Array.isArray(allowed) ? allowed : [allowed];
  const wrong = values.find(
    (value) => value !== null && !["string", "number", "boolean"].includes(typeof value) && !(value instanceof Date),
  );
  if (wrong !== undefined) throw new TypeError(`the values of ${column} in a query hold ${kindOfValue(wrong)}`);
  const keys = new Set(values.map(keyOf));
  const kept = (frame.getColumn(column).toArray() as unknown[]).map((value) => keys.has(keyOf(value)));
  return keepRows(pl, frame, kept);
}

/** Dates are the same when their instants are; a number is no text. */
function keyOf(value: unknown): unknown {
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? `text ${value}` : (value ?? null);
}

function ofModels(pl: Polars, predictors: DataFrame | undefined, models: DataFrame): DataFrame | undefined {
  if (predictors === undefined) return undefined;
  const known = new Set(models.getColumn("ModelID").toArray() as unknown[]);
  const kept = (predictors.getColumn("ModelID").toArray() as unknown[]).map((id) => id !== null && known.has(id));
  return keepRows(pl, predictors, kept);
}

function noColumn(
  asked: string,
  { models, predictors }: { readonly models: DataFrame | undefined; readonly predictors: DataFrame | undefined },
): EntrepotError {
  const columns = [...new Set([...(models?.columns ?? []), ...(predictors?.columns ?? [])])];
  return new EntrepotError("malformed", `the datamart has no column ${JSON.stringify(asked)}`, {
    hint: columnHint(asked, columns),
  });
}
