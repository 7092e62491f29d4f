/** Kinds of columns as Arrow's types. */
import {
  type DataType as ArrowType,
  TimeUnit as ArrowUnit,
  bool,
  dateDay,
  decimal,
  dictionary,
  duration,
  field,
  float32,
  float64,
  int32,
  largeBinary,
  largeUtf8,
  list,
  nullType,
  int as ofBits,
  struct,
  timeNanosecond,
  timestamp,
} from "@uwdata/flechette";
import type { Kind, TimeUnit } from "./kind.ts";

const units: Readonly<Record<TimeUnit, 1 | 2 | 3>> = {
  ms: ArrowUnit.MILLISECOND,
  us: ArrowUnit.MICROSECOND,
  ns: ArrowUnit.NANOSECOND,
};

/** Positions among texts of this very type, which tells where they are. */
export function coded(texts: ArrowType): ArrowType {
  return dictionary(texts, int32());
}

/** TypeError for a kind that is made of none. */
export function arrowType(kind: Kind): ArrowType {
  switch (kind.kind) {
    case "int":
      return ofBits(kind.bits, kind.signed);
    case "float":
      return kind.bits === 64 ? float64() : float32();
    case "decimal":
      return decimal(kind.precision, kind.scale, 128);
    case "string":
      return largeUtf8();
    case "category":
      return coded(largeUtf8());
    case "boolean":
      return bool();
    case "date":
      return dateDay();
    case "time":
      return timeNanosecond();
    case "timestamp":
      return timestamp(units[kind.unit], kind.zone ?? null);
    case "duration":
      return duration(units[kind.unit]);
    case "bytes":
      return largeBinary();
    case "null":
      return nullType();
    case "list":
      return list(field("item", arrowType(kind.item)));
    case "struct":
      return struct(kind.fields.map(({ name, type }) => field(name, arrowType(type))));
    default:
      throw new TypeError(`no column is made of ${kind.name}`);
  }
}
