/** Columns of a frame as other types, where nothing is lost by it. */
import { EntrepotError } from "../../error/index.ts";
import type { ColumnType } from "../columns.ts";
import { type DataFrame, engineError, type Polars } from "../engine.ts";
import { UnfitCell } from "../read/unfit-cell.ts";
import { columnExpr } from "../rows/expression.ts";
import { columnsOf } from "./columns-of.ts";
import { isIso, isoAsked } from "./iso-texts.ts";
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
  if (isIso(to) && (from.kind === "string" || from.kind === "category")) {
    const text = from.kind === "string" ? frame : frame.withColumns(columnExpr(pl, name).cast(pl.String).alias(name));
    return isoAsked(pl, text, name, to, uri);
  }
  if (from.kind === "timestamp" && to.kind === "timestamp" && (from.zone === undefined) !== (to.zone === undefined))
    throw zoned(name, from, to, uri);
  const cell = columnExpr(pl, name);
  const fromText = from.kind === "string" || from.kind === "category" || from.kind === "null";
  try {
    const cast = frame.withColumns(cell.cast(engineType(pl, to), true).alias(name));
    if (fromText) return cast;
    const back = cast.getColumn(name).cast(engineType(pl, from));
    // NaN is itself, though it equals nothing
    const pair = pl.DataFrame([frame.getColumn(name).alias("a"), back.alias("b")]);
    const [a, b] = [pl.col("a"), pl.col("b")];
    const isNan = from.kind === "float" ? a.isNan().and(b.isNan()) : pl.lit(false);
    const changed = pair.filter(a.neq(b).and(isNan.not()).or(a.isNull().neq(b.isNull())));
    if (changed.height === 0) return cast;
  } catch (error) {
    throw unfit(error, name, from, to, uri);
  }
  throw new EntrepotError(
    "unsupported",
    `column ${JSON.stringify(name)} of ${uri}, ${kindName(from)}, holds values that ${kindName(to)} would change`,
    { uri, hint: "ask for a type that holds them all, or round them in the frame" },
  );
}

function unfit(error: unknown, name: string, from: Kind, to: Kind, uri: string): unknown {
  const message = error instanceof Error ? error.message : "";
  const asText = `{ types: { ${JSON.stringify(name)}: "string" } }`;
  const shown = /^conversion from [\s\S]*? values: \[("(?:[^"\\]|\\.)*"|[^,\]]*)/.exec(message)?.[1];
  if (shown !== undefined)
    return new UnfitCell({
      ...{ uri, column: name, text: textOf(shown), shown, cause: error },
      fault: `which is no ${kindName(to)}`,
      hint: from.kind === "string" ? `${asText} takes it for text` : "ask for a type that holds them all",
    });
  if (!/not supported/.test(message))
    return engineError(error, uri, `turning column ${JSON.stringify(name)} into ${kindName(to)} in`);
  const column = `column ${JSON.stringify(name)} of ${uri}, ${kindName(from)}`;
  return new EntrepotError("unsupported", `${column}, becomes no ${kindName(to)}`, {
    ...{ uri, cause: error },
    hint: "leave its type out, and turn it into another in the frame",
  });
}

/** As it is written in JSON or CSV. */
function textOf(shown: string): string {
  try {
    return String(JSON.parse(shown));
  } catch {
    return shown;
  }
}

/** Taking the zone away leaves the time of another place. */
function zoned(name: string, from: Kind, to: Kind, uri: string): EntrepotError {
  const column = JSON.stringify(name);
  return new EntrepotError("unsupported", `column ${column} of ${uri}, ${kindName(from)}, is no ${kindName(to)}`, {
    uri,
    hint: "name the column without a type: its zone is part of it; in the frame, .dt.replaceTimeZone() takes it away",
  });
}
