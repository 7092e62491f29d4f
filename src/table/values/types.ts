/** Names of types as users write them, and polars' types. */
import { shownValue } from "../../error/index.ts";
import type { ColumnType } from "../columns.ts";
import type { DataType, Polars } from "../engine.ts";
import type { Kind } from "./kind.ts";

const simple: Readonly<Record<string, Kind>> = {
  int8: { kind: "int", bits: 8, signed: true },
  int16: { kind: "int", bits: 16, signed: true },
  int32: { kind: "int", bits: 32, signed: true },
  int64: { kind: "int", bits: 64, signed: true },
  uint8: { kind: "int", bits: 8, signed: false },
  uint16: { kind: "int", bits: 16, signed: false },
  uint32: { kind: "int", bits: 32, signed: false },
  uint64: { kind: "int", bits: 64, signed: false },
  float32: { kind: "float", bits: 32 },
  float64: { kind: "float", bits: 64 },
  string: { kind: "string" },
  boolean: { kind: "boolean" },
  date: { kind: "date" },
  timestamp: { kind: "timestamp", unit: "us", zone: undefined },
  time: { kind: "time" },
  bytes: { kind: "bytes" },
};

export function kindNamed(type: ColumnType, column: string): Kind {
  const known = Object.hasOwn(simple, type) ? simple[type] : undefined;
  if (known !== undefined) return known;
  const [, precision, scale] = /^decimal\((\d{1,2}),\s?(\d{1,2})\)$/.exec(String(type)) ?? [];
  const decimal = { kind: "decimal", precision: Number(precision), scale: Number(scale) } as const;
  if (decimal.precision >= 1 && decimal.precision <= 38 && decimal.scale <= decimal.precision) return decimal;
  throw new TypeError(
    `column ${JSON.stringify(column)} cannot be ${shownValue(type)}: ${Object.keys(simple).join(", ")} or "decimal(38,10)"`,
  );
}

/** Throws a TypeError for a kind that polars has no type of. */
export function engineType(pl: Polars, kind: Kind): DataType {
  switch (kind.kind) {
    case "int":
      if (kind.signed) return { 8: pl.Int8, 16: pl.Int16, 32: pl.Int32, 64: pl.Int64 }[kind.bits];
      return { 8: pl.UInt8, 16: pl.UInt16, 32: pl.UInt32, 64: pl.UInt64 }[kind.bits];
    case "float":
      return kind.bits === 64 ? pl.Float64 : pl.Float32;
    case "decimal":
      return pl.Decimal(kind.precision, kind.scale);
    case "string":
      return pl.String;
    case "category":
      return pl.Categorical;
    case "boolean":
      return pl.Bool;
    case "date":
      return pl.Date;
    case "time":
      return pl.Time;
    case "timestamp":
      return pl.Datetime(kind.unit, kind.zone);
    case "duration":
      return pl.Duration(kind.unit);
    case "null":
      return pl.Null;
    case "list":
      return pl.List(engineType(pl, kind.item));
    case "struct":
      return pl.Struct(kind.fields.map(({ name, type }) => new pl.Field(name, engineType(pl, type))));
    default:
      throw new TypeError(`polars in JavaScript has no type for ${kind.kind}`);
  }
}
