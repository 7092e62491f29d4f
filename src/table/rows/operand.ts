/**
 * What a condition's value means for a column: an exact number of the column's own unit. A value between two that the column can
 * hold stays between them, so that no comparison is rounded.
 */
import { shownValue } from "../../error/index.ts";
import { type Kind, kindName } from "../values/kind.ts";
import type { Scalar } from "./where.ts";

/**
 * `exact`: the column can hold it. `between`: it lies above `below` and under the next value that the column can hold; with `below`
 * undefined, under all of them.
 */
export type Operand =
  | { readonly exact: bigint | number | string | boolean }
  | { readonly between: bigint | "all below" | "all above" };

const perMs = { ms: 1n, us: 1_000n, ns: 1_000_000n } as const;

/** TypeError for a value that cannot be compared with such a column. */
export function operandOf(value: Scalar, kind: Kind, column: string): Operand {
  switch (kind.kind) {
    case "int":
      return integerOperand(value, kind, column);
    case "float":
      if (typeof value === "number") return { exact: value };
      if (typeof value === "bigint" && BigInt(Number(value)) === value) return { exact: Number(value) };
      break;
    case "string":
    case "category":
      if (typeof value === "string") return { exact: value };
      break;
    case "boolean":
      if (typeof value === "boolean") return { exact: value };
      break;
    case "date":
      return scaled(instant(value, kind, column), 86_400_000_000_000n);
    case "timestamp":
      return scaled(instant(value, kind, column), 1_000_000n / perMs[kind.unit]);
    case "time":
      return { exact: timeOfDay(value, kind, column) };
    case "decimal": {
      const { digits, scale } = decimalDigits(value, kind, column);
      return scale <= kind.scale
        ? { exact: digits * 10n ** BigInt(kind.scale - scale) }
        : scaled(digits, 10n ** BigInt(scale - kind.scale));
    }
    default:
  }
  throw wrongKind(value, kind, column);
}

function integerOperand(value: Scalar, kind: Extract<Kind, { kind: "int" }>, column: string): Operand {
  if (typeof value !== "number" && typeof value !== "bigint") throw wrongKind(value, kind, column);
  if (value === Number.POSITIVE_INFINITY) return { between: "all above" };
  if (value === Number.NEGATIVE_INFINITY) return { between: "all below" };
  const floor = typeof value === "bigint" ? value : BigInt(Math.floor(value));
  const bits = BigInt(kind.bits);
  const least = kind.signed ? -(2n ** (bits - 1n)) : 0n;
  const most = 2n ** (kind.signed ? bits - 1n : bits) - 1n;
  if (floor < least) return { between: "all below" };
  if (floor > most) return { between: "all above" };
  return typeof value === "number" && !Number.isInteger(value) ? { between: floor } : { exact: floor };
}

function scaled(value: bigint, unit: bigint): Operand {
  const rest = ((value % unit) + unit) % unit;
  const floor = (value - rest) / unit;
  return rest === 0n ? { exact: floor } : { between: floor };
}

/** Nanoseconds since 1970, of a `Date` or ISO text; without a zone, UTC. */
function instant(value: Scalar, kind: Kind, column: string): bigint {
  if (value instanceof Date) return BigInt(value.getTime()) * 1_000_000n;
  const parts =
    typeof value === "string"
      ? /^(-?\d{4,6}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?)?$/.exec(value)
      : null;
  if (parts === null) throw wrongKind(value, kind, column);
  const [, day, clock = "00:00:00", fraction = "", zone = "Z"] = parts;
  const ms = Date.parse(`${day}T${clock}${zone}`);
  if (Number.isNaN(ms)) throw wrongKind(value, kind, column);
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** Nanoseconds since midnight. */
function timeOfDay(value: Scalar, kind: Kind, column: string): bigint {
  const parts = typeof value === "string" ? /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(value) : null;
  if (parts === null) throw wrongKind(value, kind, column);
  const [, hours, minutes, seconds = "0", fraction = ""] = parts;
  const whole = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  return whole * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
}

function decimalDigits(value: Scalar, kind: Kind, column: string): { readonly digits: bigint; readonly scale: number } {
  if (typeof value === "bigint") return { digits: value, scale: 0 };
  const parts =
    typeof value === "string" || typeof value === "number" ? /^(-?\d+)(?:\.(\d+))?$/.exec(String(value)) : null;
  if (parts === null) throw wrongKind(value, kind, column);
  const [, whole = "", fraction = ""] = parts;
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function wrongKind(value: Scalar, kind: Kind, column: string): TypeError {
  return new TypeError(`where compares column ${JSON.stringify(column)}, ${kindName(kind)}, with ${shownValue(value)}`);
}
