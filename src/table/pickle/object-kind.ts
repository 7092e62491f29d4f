/** Which kind of column holds values of Python's, each whole; for columns of objects, which pandas says nothing else of. Pure. */
import {
  PickledArray,
  PickledDate,
  PickledDateTime,
  PickledDecimal,
  PickledDuration,
  PickledTime,
  PickledTimestamp,
  PickledUuid,
  RefusedObject,
} from "../../format/index.ts";
import { jointKind } from "../many/joint-kind.ts";
import { type Column, isSameKind, type Kind } from "../values/kind.ts";
import { knownZone } from "./zone.ts";

/** Why there is none: what the values are, in words. */
export interface NoKind {
  readonly found: string;
}

const empty: Kind = { kind: "null" };
const whole: Kind = { kind: "int", bits: 64, signed: true };
const large: Kind = { kind: "int", bits: 64, signed: false };
const fraction: Kind = { kind: "float", bits: 64 };
const deepest = 64;

/** `null`, and NaN among what are no numbers, is none. */
export function kindOfObjects(values: readonly unknown[], depth = 0): Kind | NoKind {
  let common: Kind = empty;
  let hasNan = false;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (typeof value === "number" && Number.isNaN(value)) {
      hasNan = true;
      continue;
    }
    const kind = kindOfObject(value, depth);
    if ("found" in kind) return kind;
    if (kind === common) continue;
    const joint = joined(common, kind);
    if (joint === undefined) return { found: `values of several kinds: ${common.kind} and ${kind.kind}` };
    common = joint;
  }
  return hasNan && (common.kind === "null" || common.kind === "int") ? fraction : common;
}

function kindOfObject(value: unknown, depth: number): Kind | NoKind {
  switch (typeof value) {
    case "string":
      return text;
    case "boolean":
      return flag;
    case "number":
      return Number.isInteger(value) && !Object.is(value, -0) ? whole : fraction;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? whole : BigInt.asUintN(64, value) === value ? large : beyond;
    default:
      return kindOfInstance(value as object, depth);
  }
}

const text: Kind = { kind: "string" };
const flag: Kind = { kind: "boolean" };
const beyond: NoKind = { found: "integers that do not fit into 64 bits" };

function kindOfInstance(value: object, depth: number): Kind | NoKind {
  if (value instanceof PickledDecimal) return kindOfDecimal(value.text);
  if (value instanceof PickledDate) return { kind: "date" };
  if (value instanceof PickledTime)
    return value.timeZone === undefined ? { kind: "time" } : { found: "times of day in a zone" };
  if (value instanceof PickledDateTime) return kindOfDateTime(value);
  if (value instanceof PickledTimestamp) return { kind: "timestamp", unit: "ns", zone: zoneOf(value.timeZone) };
  if (value instanceof PickledDuration) return { kind: "duration", unit: "ns" };
  if (value instanceof PickledUuid) return text;
  if (value instanceof Uint8Array) return { kind: "bytes" };
  if (depth >= deepest) return { found: `values that lie more than ${deepest} deep in one another` };
  if (value instanceof PickledArray && value.shape.length === 1) return listOf([...value.values], depth);
  if (Array.isArray(value)) return listOf(value, depth);
  if (Object.getPrototypeOf(value) === null) return structOf(Object.entries(value), depth);
  if (value instanceof RefusedObject) return { found: `a ${value.instance.name}, which is not plain data` };
  if (value instanceof Map) return { found: "a dict whose keys are no texts" };
  return { found: `values of the class ${value.constructor?.name ?? "object"}` };
}

function listOf(values: readonly unknown[], depth: number): Kind | NoKind {
  const item = kindOfObjects(values, depth + 1);
  return "found" in item ? item : { kind: "list", item, length: undefined };
}

function structOf(entries: readonly (readonly [string, unknown])[], depth: number): Kind | NoKind {
  const fields: Column[] = [];
  for (const [name, value] of entries) {
    const type = kindOfObjects([value], depth + 1);
    if ("found" in type) return type;
    fields.push({ name, type });
  }
  // Arrow has no values of nothing
  return fields.length === 0 ? { found: "an empty dict" } : { kind: "struct", fields };
}

function kindOfDecimal(digits: string): Kind | NoKind {
  const parsed = decimalParts(digits);
  if (parsed === undefined) return { found: `the decimal ${digits}` };
  return { kind: "decimal", precision: 38, scale: parsed.scale };
}

const mostDigits = 38;

/** A decimal as a scaled integer; `undefined` for what is no number, and for more than 38 digits. */
export function decimalParts(text: string): { readonly value: bigint; readonly scale: number } | undefined {
  const [, sign, before = "", after = "", power = "0"] = /^([+-]?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/i.exec(text) ?? [];
  if (sign === undefined || Math.abs(Number(power)) > 2 * mostDigits) return undefined;
  const scale = after.length - Number(power);
  const digits = `${before}${after}${"0".repeat(Math.max(0, -scale))}`.replace(/^0+/, "");
  if (digits.length > mostDigits || scale > mostDigits) return undefined;
  const value = BigInt(digits === "" ? "0" : digits);
  return { value: sign === "-" ? -value : value, scale: Math.max(0, scale) };
}

function kindOfDateTime({ timeZone }: PickledDateTime): Kind | NoKind {
  if (timeZone === undefined) return { kind: "timestamp", unit: "us", zone: undefined };
  if (timeZone.offsetSeconds === undefined && timeZone.name !== "UTC")
    return { found: "datetimes of which only the name of their zone is known" };
  return { kind: "timestamp", unit: "us", zone: zoneOf(String(timeZone)) };
}

function zoneOf(zone: string | undefined): string | undefined {
  return zone === undefined ? undefined : knownZone(zone);
}

function joined(a: Kind, b: Kind): Kind | undefined {
  if (isSameKind(a, b) || b.kind === "null") return a;
  if (a.kind === "null") return b;
  if (a.kind === "int" && b.kind === "int") return large;
  if (a.kind === "list" && b.kind === "list") {
    const item = joined(a.item, b.item);
    return item === undefined ? undefined : { kind: "list", item, length: undefined };
  }
  // at which instant a day begins in a zone is not said
  if (isZoned(a) ? b.kind === "date" : isZoned(b) && a.kind === "date") return undefined;
  if (a.kind !== "struct" || b.kind !== "struct") return jointKind(a, b);
  const fields = new Map(a.fields.map(({ name, type }) => [name, type]));
  for (const { name, type } of b.fields) {
    const known = fields.get(name);
    const joint = known === undefined ? type : joined(known, type);
    if (joint === undefined) return undefined;
    fields.set(name, joint);
  }
  return { kind: "struct", fields: [...fields].map(([name, type]) => ({ name, type })) };
}

function isZoned(kind: Kind): boolean {
  return kind.kind === "timestamp" && kind.zone !== undefined;
}
