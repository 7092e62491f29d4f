/** Arrow bytes as columns: flechette looks at them without a copy. Nothing is turned into a value here but what a cell needs. */
import {
  type Column as ArrowColumn,
  type DataType as ArrowType,
  type Table,
  Type,
  tableFromIPC,
} from "@uwdata/flechette";
import type { Column, Kind, TimeUnit } from "./kind.ts";

/** Every integer, timestamp and decimal as an exact integer. */
export function arrowTable(bytes: Uint8Array): Table {
  return tableFromIPC(bytes, { useBigInt: true, useDecimalInt: true, useBigIntTimestamp: true });
}

export type { ArrowColumn };

export function arrowFields(bytes: Uint8Array): readonly Column[] {
  return arrowTable(bytes).schema.fields.map(({ name, type }) => ({ name, type: kindOf(type) }));
}

const units: readonly (TimeUnit | undefined)[] = [undefined, "ms", "us", "ns"];

export function kindOf(type: ArrowType): Kind {
  const { typeId } = type;
  switch (type.typeId) {
    case Type.Null:
      return { kind: "null" };
    case Type.Int:
      return { kind: "int", bits: type.bitWidth, signed: type.signed };
    case Type.Float:
      return { kind: "float", bits: ([16, 32, 64] as const)[type.precision] };
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
    case Type.FixedSizeBinary:
      return { kind: "bytes" };
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return { kind: "string" };
    case Type.Bool:
      return { kind: "boolean" };
    case Type.Decimal:
      return { kind: "decimal", precision: type.precision, scale: type.scale };
    case Type.Date:
      return { kind: "date" };
    case Type.Time:
      return { kind: "time" };
    case Type.Timestamp:
      return { kind: "timestamp", unit: units[type.unit] ?? "ms", zone: type.timezone ?? undefined };
    case Type.Duration:
      return { kind: "duration", unit: units[type.unit] ?? "ms" };
    case Type.List:
    case Type.LargeList:
      return listOf(type.children, undefined);
    case Type.FixedSizeList:
      return listOf(type.children, type.stride);
    case Type.Struct:
      return { kind: "struct", fields: type.children.map((field) => ({ name: field.name, type: kindOf(field.type) })) };
    case Type.Dictionary:
      return { kind: "category" };
    default:
      return { kind: "other", name: Object.entries(Type).find(([, id]) => id === typeId)?.[0] ?? "unknown" };
  }
}

function listOf(children: readonly { readonly type: ArrowType }[], length: number | undefined): Kind {
  const item: Kind = children[0] === undefined ? { kind: "null" } : kindOf(children[0].type);
  return { kind: "list", item, length };
}
