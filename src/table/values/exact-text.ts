/** Exact numbers of days and fractions as text. Pure. */
import type { TimeUnit } from "./kind.ts";

/** A scaled integer with its point: `decimalText(-1n, 2)` is `"-0.01"`. */
export function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const digitsOf = { ms: 3, us: 6, ns: 9 } as const;
const dayMs = 86_400_000;

/** ISO 8601 with as many digits as the unit has, and `Z` where there is a zone: it is that instant, whatever the zone. */
export function timestampText(
  ns: bigint,
  { unit, zone }: { readonly unit: TimeUnit; readonly zone: string | undefined },
): string {
  const fraction = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (ns - fraction) / 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000);
  const whole = Number.isNaN(date.getTime()) ? `${seconds}s` : date.toISOString().slice(0, -5);
  return `${whole}.${String(fraction).padStart(9, "0").slice(0, digitsOf[unit])}${zone === undefined ? "" : "Z"}`;
}

/** Nanoseconds since midnight. */
export function timeText(ns: bigint): string {
  const ms = Number(ns / 1_000_000n);
  const rest = String(ns % 1_000_000n).padStart(6, "0");
  const text = `${new Date(ms % dayMs).toISOString().slice(11, 23)}${rest}`;
  return text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}
