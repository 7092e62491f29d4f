/** `int("42")`, `float(1)`, `bool("")`, `str()`: what Python makes of one plain value, or an error that names the call. */
import { exactInt } from "./exact-int.ts";
import { malformed, notSupported, type PickleFault } from "./fault.ts";
import { floatOfText, intOfText } from "./literals.ts";

type Args = readonly unknown[];

/** Faults: malformed for a text that is no number, unsupported for another base than 10. */
export function intOf([value = 0, base = 10]: Args): number | bigint {
  if (typeof value === "string") {
    if (base !== 10) throw notSupported(`int() of a text in base ${String(base)}`);
    return intOfText(value);
  }
  if (typeof value === "bigint") return value;
  const whole = Math.trunc(numberLike(value, "int"));
  if (!Number.isFinite(whole)) throw malformed("a whole number is made of none");
  return Number.isSafeInteger(whole) ? whole + 0 : exactInt(BigInt(whole));
}

/** Fault: malformed for a text that is no number. */
export function floatOf([value = 0]: Args): number {
  if (typeof value === "string") return floatOfText(value.toLowerCase().replace("infinity", "inf"));
  return typeof value === "bigint" ? Number(value) : numberLike(value, "float");
}

export function boolOf([value = false]: Args): boolean {
  if (value === null) return false;
  if (typeof value === "object" || typeof value === "function") throw noPlain("bool");
  // to Python, not a number is true
  return Number.isNaN(value) || Boolean(value);
}

/** Of a number it would have to be known whether Python had 1 or 1.0. Fault: unsupported for what is no text. */
export function strOf([value = ""]: Args): string {
  if (typeof value !== "string") throw noPlain("str");
  return value;
}

function numberLike(value: unknown, name: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  throw noPlain(name);
}

function noPlain(name: string): PickleFault {
  return notSupported(`${name}() of such a value`);
}
