/** What the footer says of a column's values in one row group, where it can be relied on. */
import type { Bound, Bounds } from "../rows/may-match.ts";
import type { Kind, TimeUnit } from "../values/kind.ts";
import { type Footer, itemsOf, numberOf, type RowGroup, structOf } from "./footer.ts";
import type { Fields, Value } from "./thrift.ts";

/** `undefined` for a column of which nothing is known: nested, without statistics, of a kind that has no order here. */
export function boundsOf(footer: Footer, group: RowGroup, column: string): Bounds | undefined {
  const leaf = footer.columns.find(({ name }) => name === column)?.leaf;
  const [chunk, other] = group.chunks.filter((each) => each.column === column);
  if (leaf === undefined || chunk === undefined || other !== undefined) return undefined;
  const repeated = leaf.get(3)?.type === "i32" && numberOf(leaf.get(3)) === 2;
  const meta = structOf(chunk.fields.get(3));
  const statistics = meta.get(12);
  const physical = numberOf(meta.get(1));
  const kind = kindOf(leaf, physical);
  if (repeated || statistics === undefined || kind === undefined || itemsOf(meta.get(3)).length !== 1) return undefined;
  const said = structOf(statistics);
  const missing = said.get(3) === undefined ? undefined : numberOf(said.get(3));
  const nulls = missing === undefined ? undefined : missing === 0 ? "none" : missing === chunk.values ? "all" : "some";
  // the fields that came first leave open in which order text and unsigned numbers are
  const ordered = kind.kind !== "string" && !(kind.kind === "int" && !kind.signed);
  const min = boundOf(said.get(6) ?? (ordered ? said.get(2) : undefined), kind, physical);
  const max = boundOf(said.get(5) ?? (ordered ? said.get(1) : undefined), kind, physical);
  return { kind, min, max, nulls };
}

const converted: Readonly<Record<number, Kind>> = {
  0: { kind: "string" },
  4: { kind: "string" },
  6: { kind: "date" },
  9: { kind: "timestamp", unit: "ms", zone: undefined },
  10: { kind: "timestamp", unit: "us", zone: undefined },
  11: { kind: "int", bits: 8, signed: false },
  12: { kind: "int", bits: 16, signed: false },
  13: { kind: "int", bits: 32, signed: false },
  14: { kind: "int", bits: 64, signed: false },
  15: { kind: "int", bits: 8, signed: true },
  16: { kind: "int", bits: 16, signed: true },
  17: { kind: "int", bits: 32, signed: true },
  18: { kind: "int", bits: 64, signed: true },
};
const plain: Readonly<Record<number, Kind>> = {
  0: { kind: "boolean" },
  1: { kind: "int", bits: 32, signed: true },
  2: { kind: "int", bits: 64, signed: true },
  4: { kind: "float", bits: 32 },
  5: { kind: "float", bits: 64 },
};
const timestampUnits: Readonly<Record<number, TimeUnit>> = { 1: "ms", 2: "us", 3: "ns" };

function kindOf(leaf: Fields, physical: number): Kind | undefined {
  const logical = leaf.get(10);
  if (logical !== undefined) {
    const [[which, inner] = [0, undefined]] = structOf(logical);
    if (which === 1 || which === 4) return { kind: "string" };
    if (which === 6) return { kind: "date" };
    if (which === 8) return timestampOf(inner);
    // of integers the older field says the same; the others have no order here
    if (which !== 10) return undefined;
  }
  const code = leaf.get(6);
  if (code !== undefined) return converted[numberOf(code)];
  return logical === undefined ? plain[physical] : undefined;
}

function timestampOf(inner: Value | undefined): Kind | undefined {
  const [[unit] = [0]] = structOf(structOf(inner).get(2));
  const known = timestampUnits[unit];
  return known === undefined ? undefined : { kind: "timestamp", unit: known, zone: undefined };
}

const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 4, 2: 8, 4: 4, 5: 8 };

function boundOf(value: Value | undefined, kind: Kind, physical: number): Bound | undefined {
  if (value?.type !== "binary") return undefined;
  const bytes = Buffer.from(value.value.buffer, value.value.byteOffset, value.value.byteLength);
  if (kind.kind === "string") return physical === 6 ? bytes : undefined;
  if (bytes.byteLength !== sizes[physical]) return undefined;
  switch (physical) {
    case 0:
      return bytes[0] === 1;
    case 1:
      return BigInt(isUnsigned(kind) ? bytes.readUInt32LE(0) : bytes.readInt32LE(0));
    case 2:
      return isUnsigned(kind) ? bytes.readBigUInt64LE(0) : bytes.readBigInt64LE(0);
    default: {
      const number = physical === 4 ? bytes.readFloatLE(0) : bytes.readDoubleLE(0);
      return Number.isNaN(number) ? undefined : number;
    }
  }
}

function isUnsigned(kind: Kind): boolean {
  return kind.kind === "int" && !kind.signed;
}
