/** Columns by what is known of them: counts and figures become numbers, timestamps instants, names text. */
import { EntrepotError, shownValue } from "../../error/index.ts";
import type { DataFrame, Polars } from "../../table/index.ts";
import { type KnownKind, knownKind, type TableName } from "./known-columns.ts";
import { type Remark, remarkOn } from "./remark.ts";
import { parsePegaTime } from "./times.ts";

type Series = ReturnType<DataFrame["getColumn"]>;

/** What exports have in the place of a number that is not there. */
const noNumber: ReadonlySet<string> = new Set(["", "NA", "N/A", "NULL", "null"]);

/**
 * Numbers are 64-bit floats, or 32-bit integers where whole numbers are counted in columns (`BinIndex`); times are milliseconds, GMT. A
 * time that no form of Pega's fits is missing, and told. Error: malformed for text in the place of a number.
 */
export function typed(pl: Polars, frame: DataFrame, table: TableName, tell: Remark): DataFrame {
  const columns = frame.columns.flatMap((name) => {
    const kind = knownKind(table, name);
    return kind === undefined ? [] : [asKind(pl, frame.getColumn(name), kind, table, tell)];
  });
  const hasTime = frame.columns.includes("SnapshotTime");
  if (!hasTime) columns.push(pl.Series("SnapshotTime", new Array(frame.height).fill(null), pl.Datetime("ms")));
  return columns.length === 0 ? frame : frame.withColumns(...columns);
}

function asKind(pl: Polars, column: Series, kind: KnownKind, table: TableName, tell: Remark): Series {
  if (kind === "text") return column.dtype.equals(pl.String) ? column : column.cast(pl.String);
  if (kind === "time") return asTime(pl, column, table, tell);
  const type = kind === "whole" ? pl.Int32 : pl.Float64;
  if (column.dtype.equals(type)) return column;
  const cast = column.cast(type, false);
  if (cast.nullCount() > column.nullCount()) refuseText(column, cast, table);
  return cast;
}

function refuseText(column: Series, cast: Series, table: TableName): void {
  const numbers = cast.toArray() as unknown[];
  const wrong = (column.toArray() as unknown[]).findIndex(
    (value, row) => value !== null && numbers[row] === null && !noNumber.has(String(value).trim()),
  );
  if (wrong < 0) return;
  throw new EntrepotError(
    "malformed",
    `${column.name} of ${table} holds ${shownValue(column.get(wrong))} in row ${wrong + 1}, which is no number`,
    { hint: `{ dropColumns: [${JSON.stringify(column.name)}] } leaves the column out` },
  );
}

function asTime(pl: Polars, column: Series, table: TableName, tell: Remark): Series {
  const type = column.dtype.toString();
  if (/Datetime|Date\b/.test(type)) return column.cast(pl.Datetime("ms"));
  const [unreadable, zones]: [string[], string[]] = [[], []];
  const seen = new Map<string, ReturnType<typeof parsePegaTime>>();
  const times = (column.toArray() as unknown[]).map((value) => {
    if (value === null || value === undefined || noNumber.has(String(value).trim())) return null;
    const text = String(value);
    const time = seen.has(text) ? seen.get(text) : parsePegaTime(text);
    if (seen.size < 100_000) seen.set(text, time);
    if (time === undefined) unreadable.push(text);
    if (time?.zone !== undefined) zones.push(text);
    return time?.ms ?? null;
  });
  remarkOn(tell, "unreadable-time", table, column.name, unreadable, "no time that Pega writes, which is missing now");
  remarkOn(tell, "unknown-zone", table, column.name, zones, "a zone that is not GMT, taken for GMT");
  return pl.Series(column.name, times, pl.Float64).cast(pl.Int64).cast(pl.Datetime("ms"));
}
