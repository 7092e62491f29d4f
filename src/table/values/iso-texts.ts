/**
 * Days and times from text: ISO 8601 and nothing else. polars guesses at other ways to write them, takes 24-01-02 for the year 24,
 * cuts nanoseconds and drops zones, so that what it is given here is only what has one meaning.
 */
import type { DataFrame, Expr, Polars } from "../engine.ts";
import { UnfitCell } from "../read/unfit-cell.ts";
import { columnExpr } from "../rows/expression.ts";
import { type Kind, kindName } from "./kind.ts";
import { engineType } from "./types.ts";

const day = String.raw`\d{4}-\d{2}-\d{2}`;
const clock = String.raw`\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?`;
const offset = String.raw`(Z|[+-]\d{2}:?\d{2})`;
const shapes = {
  date: new RegExp(`^${day}$`),
  time: new RegExp(`^${clock}$`),
  timestamp: new RegExp(`^${day}[T ]${clock}$`),
  zoned: new RegExp(`^${day}[T ]${clock}${offset}$`),
  /** What widens to a timestamp without a change. */
  moment: new RegExp(`^${day}([T ]${clock})?$`),
} as const;

export type IsoKind = { readonly kind: "date" | "time" } | Extract<Kind, { readonly kind: "timestamp" }>;

export function isIso(kind: Kind): kind is IsoKind {
  return kind.kind === "date" || kind.kind === "time" || kind.kind === "timestamp";
}

/** What the first text of a column says, where that is all that is looked at. */
export function isoKindOfFirst(pl: Polars, frame: DataFrame, name: string): IsoKind | undefined {
  const shape = shapeOfFirst(pl, frame, name);
  if (shape === undefined) return undefined;
  if (shape === "date" || shape === "time") return { kind: shape };
  return { kind: "timestamp", unit: "us", zone: shape === "zoned" ? "UTC" : undefined };
}

function shapeOfFirst(pl: Polars, frame: DataFrame, name: string) {
  const texts = frame.select(columnExpr(pl, name).dropNulls().first().alias("x"));
  const first: unknown = texts.height === 0 ? null : texts.getColumn("x").get(0);
  if (typeof first !== "string") return undefined;
  return (["date", "time", "timestamp", "zoned"] as const).find((each) => shapes[each].test(first));
}

function isoKindOf(pl: Polars, frame: DataFrame, name: string): IsoKind | undefined {
  const shape = shapeOfFirst(pl, frame, name);
  if (shape === undefined || !areAll(pl, frame, name, shapes[shape])) return undefined;
  if (shape === "date" || shape === "time") return { kind: shape };
  const unit = areAll(pl, frame, name, /\.\d{6}\d*[1-9]/, false) ? "us" : "ns";
  return { kind: "timestamp", unit, zone: shape === "zoned" ? "UTC" : undefined };
}

/** A column of text as what all of its texts say; as it is where they do not say one thing, or a day that there is none of. */
export function isoFound(pl: Polars, frame: DataFrame, name: string): DataFrame {
  const kind = isoKindOf(pl, frame, name);
  if (kind === undefined) return frame;
  const cast = frame.withColumns(isoExpr(pl, columnExpr(pl, name), kind).alias(name));
  return cast.getColumn(name).nullCount() === frame.getColumn(name).nullCount() ? cast : frame;
}

/** A column of text as the kind that was asked for. Error: malformed, with the first text that is none. */
export function isoAsked(pl: Polars, frame: DataFrame, name: string, kind: IsoKind, uri: string): DataFrame {
  const pattern =
    kind.kind === "timestamp" ? (kind.zone === undefined ? shapes.moment : shapes.zoned) : shapes[kind.kind];
  const cell = columnExpr(pl, name);
  const tooFine = kind.kind === "timestamp" ? cell.str.contains(tooFineFor[kind.unit]) : pl.lit(false);
  const made = isoExpr(
    pl,
    pl.when(cell.str.contains(pattern).and(tooFine.not())).then(cell).otherwise(pl.lit(null)),
    kind,
  );
  const cast = frame.withColumns(made.alias(name));
  if (cast.getColumn(name).nullCount() === frame.getColumn(name).nullCount()) return cast;
  const pair = pl.DataFrame([frame.getColumn(name).alias("text"), cast.getColumn(name).alias("made")]);
  const text = String(
    pair
      .filter(pl.col("text").isNotNull().and(pl.col("made").isNull()))
      .getColumn("text")
      .get(0),
  );
  throw noIso(text, name, kind, uri);
}

const tooFineFor = { ms: /\.\d{3}\d*[1-9]/, us: /\.\d{6}\d*[1-9]/, ns: /\.\d{10}/ } as const;

function noIso(text: string, name: string, kind: IsoKind, uri: string): UnfitCell {
  const column = JSON.stringify(name);
  const keeps = shapes.zoned.test(text) || shapes.moment.test(text);
  return new UnfitCell({
    ...{ uri, column: name, text, fault: `which is no ${kindName(kind)}` },
    hint:
      keeps && kind.kind === "timestamp"
        ? "{ dates: true } keeps its zone and its nanoseconds"
        : `days are ISO 8601, as 2024-01-31; { types: { ${column}: "string" } } takes it for text`,
  });
}

/** Missing where a text that looks like one is none, as the 31st of June. */
function isoExpr(pl: Polars, cell: Expr, kind: IsoKind): Expr {
  switch (kind.kind) {
    case "date":
      return cell.str.strptime(pl.Date, "%Y-%m-%d");
    case "time":
      return ofDay(pl, cell, 0).cast(pl.Time);
    case "timestamp": {
      const midnight = cell.str.slice(0, 10).str.strptime(pl.Date, "%Y-%m-%d").cast(pl.Int64);
      const perDay = whole(pl, 86_400_000_000_000n / perUnit[kind.unit]);
      const local = midnight.mul(perDay).add(ofDay(pl, cell, 11, kind.unit));
      const instant = kind.zone === undefined ? local : local.sub(offsetOf(pl, cell, kind.unit));
      // what nanoseconds cannot hold would begin anew at the other end
      const year = cell.str.slice(0, 4).cast(pl.Int64);
      const isHeld = kind.unit !== "ns" ? pl.lit(true) : year.gtEq(whole(pl, 1678n)).and(year.ltEq(whole(pl, 2261n)));
      return pl.when(isHeld).then(instant).otherwise(pl.lit(null)).cast(engineType(pl, kind));
    }
  }
}

const perUnit = { ms: 1_000_000n, us: 1_000n, ns: 1n } as const;

function whole(pl: Polars, value: bigint): Expr {
  return pl.lit(String(value)).cast(pl.Int64);
}

/** Since midnight, of the clock that begins there. Missing for 24:00 and beyond. */
function ofDay(pl: Polars, cell: Expr, start: number, unit: "ms" | "us" | "ns" = "ns"): Expr {
  const part = (from: number) => cell.str.slice(start + from, 2).cast(pl.Int64);
  const none = cell.str.slice(start, 5).eq(pl.lit(""));
  const seconds = pl
    .when(cell.str.slice(start + 5, 1).eq(pl.lit(":")))
    .then(part(6))
    .otherwise(whole(pl, 0n));
  const fraction = cell.str
    .extract(/\.(\d+)/, 1)
    .str.padEnd(9, "0")
    .cast(pl.Int64)
    .fillNull(whole(pl, 0n));
  const isTime = part(0)
    .lt(whole(pl, 24n))
    .and(part(3).lt(whole(pl, 60n)))
    .and(seconds.lt(whole(pl, 60n)));
  const minutes = part(0).mul(whole(pl, 60n)).add(part(3));
  const perSecond = whole(pl, 1_000_000_000n / perUnit[unit]);
  const all = minutes.mul(whole(pl, 60n)).add(seconds).mul(perSecond);
  const exact = all.add(unit === "ns" ? fraction : fraction.div(whole(pl, perUnit[unit])));
  return pl.when(none).then(whole(pl, 0n)).when(isTime).then(exact).otherwise(pl.lit(null));
}

function offsetOf(pl: Polars, cell: Expr, unit: "ms" | "us" | "ns"): Expr {
  const part = (group: number) => cell.str.extract(/([+-]\d{2}):?(\d{2})$/, group);
  const hours = part(1).cast(pl.Int64);
  const minutes = part(2).cast(pl.Int64);
  const signed = pl.when(part(1).str.startsWith("-")).then(hours.mul(whole(pl, 60n)).sub(minutes));
  const all = signed.otherwise(hours.mul(whole(pl, 60n)).add(minutes));
  return all.mul(whole(pl, 60_000_000_000n / perUnit[unit])).fillNull(whole(pl, 0n));
}

function areAll(pl: Polars, frame: DataFrame, name: string, pattern: RegExp, wanted = true): boolean {
  const cell = columnExpr(pl, name).str.contains(pattern);
  return frame.filter(wanted ? cell.not() : cell).height === 0;
}
