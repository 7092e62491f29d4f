/** What a column holds: kinds of values, with their sizes and units. Pure. */
export type TimeUnit = "ms" | "us" | "ns";

export type Kind =
  | { readonly kind: "int"; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: "float"; readonly bits: 16 | 32 | 64 }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "string" | "category" | "boolean" | "date" | "time" | "bytes" | "null" }
  | { readonly kind: "timestamp"; readonly unit: TimeUnit; readonly zone: string | undefined }
  | { readonly kind: "duration"; readonly unit: TimeUnit }
  | { readonly kind: "list"; readonly item: Kind; readonly length: number | undefined }
  | { readonly kind: "struct"; readonly fields: readonly Column[] }
  | { readonly kind: "other"; readonly name: string };

export interface Column {
  readonly name: string;
  readonly type: Kind;
}

/** As users write it: `int64`, `timestamp(us, UTC)`, `list<int32>`. */
export function kindName(kind: Kind): string {
  switch (kind.kind) {
    case "int":
      return `${kind.signed ? "" : "u"}int${kind.bits}`;
    case "float":
      return `float${kind.bits}`;
    case "decimal":
      return `decimal(${kind.precision},${kind.scale})`;
    case "timestamp":
      return kind.zone === undefined ? `timestamp(${kind.unit})` : `timestamp(${kind.unit}, ${kind.zone})`;
    case "duration":
      return `duration(${kind.unit})`;
    case "list":
      return kind.length === undefined
        ? `list<${kindName(kind.item)}>`
        : `array<${kindName(kind.item)}, ${kind.length}>`;
    case "struct":
      return `struct<${kind.fields.map(({ name, type }) => `${name}: ${kindName(type)}`).join(", ")}>`;
    case "other":
      return kind.name;
    default:
      return kind.kind;
  }
}

export function isSameKind(a: Kind, b: Kind): boolean {
  return kindName(a) === kindName(b);
}
