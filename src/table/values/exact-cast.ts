/** Columns of a frame as other types, where nothing is lost by it. */
import { EntrepotError } from "../../error/index.ts";
import type { ColumnType } from "../columns.ts";
import { type DataFrame, engineError, type Polars } from "../engine.ts";
import { columnExpr } from "../rows/expression.ts";
import { columnsOf } from "./columns-of.ts";
import { isSameKind, type Kind, kindName } from "./kind.ts";
import { engineType, kindNamed } from "./types.ts";

/** Errors: unsupported where a value would become another one, or none. Text is read as a number as it stands. */
export function exactCast(
  pl: Polars,
  frame: DataFrame,
  types: Readonly<Record<string, ColumnType>> | undefined,
  uri: string,
): DataFrame {
  let cast = frame;
  for (const { name, type } of types === undefined ? [] : columnsOf(frame)) {
    const wanted = Object.hasOwn(types ?? {}, name) ? types?.[name] : undefined;
    const kind = wanted === undefined ? type : kindNamed(wanted, name);
    if (!isSameKind(kind, type)) cast = castColumn(pl, cast, name, type, kind, uri);
  }
  return cast;
}

/** One column. Errors as `exactCast`. */
export function castColumn(pl: Polars, frame: DataFrame, name: string, from: Kind, to: Kind, uri: string): DataFrame {
  const cell = columnExpr(pl, name);
  const fromText = from.kind === "string" || from.kind === "category" || from.kind === "null";
  try {
    const cast = frame.withColumns(parsed(pl, cell, from, to).alias(name));
    if (fromText) {
      refuseUnread(pl, frame, cast, name, to, uri);
      return cast;
    }
    const back = cast.getColumn(name).cast(engineType(pl, from));
    // NaN is itself, though it equals nothing
    const pair = pl.DataFrame([frame.getColumn(name).alias("a"), back.alias("b")]);
    const [a, b] = [pl.col("a"), pl.col("b")];
    const isNan = from.kind === "float" ? a.isNan().and(b.isNan()) : pl.lit(false);
    const changed = pair.filter(a.neq(b).and(isNan.not()).or(a.isNull().neq(b.isNull())));
    if (changed.height === 0) return cast;
  } catch (error) {
    throw engineError(error, uri, `turning column ${JSON.stringify(name)} into ${kindName(to)} in`);
  }
  throw new EntrepotError(
    "unsupported",
    `column ${JSON.stringify(name)} of ${uri}, ${kindName(from)}, holds values that ${kindName(to)} would change`,
    { uri, hint: "ask for a type that holds them all, or round them in the frame" },
  );
}

function parsed(pl: Polars, cell: ReturnType<Polars["col"]>, from: Kind, to: Kind) {
  const isText = from.kind === "string" || from.kind === "category";
  // polars warns of plain casts from text to these
  if (isText && to.kind === "date") return cell.cast(pl.String).str.strptime(pl.Date);
  if (isText && to.kind === "timestamp")
    // it knows no other unit, and gives microseconds
    return cell.cast(pl.String).str.strptime(pl.Datetime("ms")).cast(engineType(pl, to), true);
  return cell.cast(engineType(pl, to), true);
}

/** Text that says no day or time becomes a missing value in polars. Error: malformed, with the first of them. */
function refuseUnread(pl: Polars, before: DataFrame, after: DataFrame, name: string, to: Kind, uri: string): void {
  if (after.getColumn(name).nullCount() === before.getColumn(name).nullCount()) return;
  const [was, is] = [before.getColumn(name).alias("was"), after.getColumn(name).alias("is")];
  const unread = pl.DataFrame([was, is]).filter(pl.col("was").isNotNull().and(pl.col("is").isNull()));
  const text = JSON.stringify(String(unread.getColumn("was").get(0)).slice(0, 60));
  throw new EntrepotError("malformed", `${uri} has ${text} in column ${JSON.stringify(name)}, which is no ${to.kind}`, {
    uri,
    hint: "read the column as text and parse it in the frame",
  });
}
