/** A frame about the columns of a frame: what each holds, in numbers and text. */
import type { DataFrame, Polars } from "./engine.ts";
import { columnExpr } from "./rows/expression.ts";
import { columnsOf } from "./values/columns-of.ts";
import { rows } from "./values/exact.ts";
import { type Kind, kindName } from "./values/kind.ts";

const ordered: ReadonlySet<string> = new Set([
  "int",
  "float",
  "decimal",
  "string",
  "boolean",
  "date",
  "time",
  "timestamp",
]);
const counted: ReadonlySet<string> = new Set([...ordered, "category"]);

/**
 * One row for each column: `column type rows missing distinct min max mean`, the last four where they mean something. A missing value is
 * none of the distinct ones.
 */
export function statsOf(pl: Polars, frame: DataFrame): DataFrame {
  const all = columnsOf(frame).map(({ name, type }) => {
    const cell = columnExpr(pl, name);
    const bounds = ordered.has(type.kind) ? [cell.min().alias("min"), cell.max().alias("max")] : [];
    const isNumber = type.kind === "int" || type.kind === "float";
    const mean = isNumber ? [cell.mean().alias("mean")] : [];
    const distinct = counted.has(type.kind) ? [cell.dropNulls().nUnique().alias("distinct")] : [];
    const asked = [cell.nullCount().alias("missing"), ...distinct, ...bounds, ...mean];
    const [found = {}] = [...rows(frame.select(...asked) as DataFrame, { timestamps: "text" })];
    return { name, type, found };
  });
  const texts = (field: string) => all.map(({ found, type }) => textOf(found[field], type));
  const numbers = (field: string) => all.map(({ found }) => (found[field] == null ? null : Number(found[field])));
  return pl.DataFrame({
    column: pl.Series(
      "column",
      all.map(({ name }) => name),
      pl.String,
    ),
    type: pl.Series(
      "type",
      all.map(({ type }) => kindName(type)),
      pl.String,
    ),
    rows: pl.Series(
      "rows",
      all.map(() => frame.height),
      pl.Int64,
    ),
    missing: pl.Series("missing", numbers("missing"), pl.Int64),
    distinct: pl.Series("distinct", numbers("distinct"), pl.Int64),
    min: pl.Series("min", texts("min"), pl.String),
    max: pl.Series("max", texts("max"), pl.String),
    mean: pl.Series("mean", numbers("mean"), pl.Float64),
  }) as DataFrame;
}

function textOf(value: unknown, kind: Kind): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return kind.kind === "date" ? value.toISOString().slice(0, 10) : value.toISOString();
  return String(value);
}
