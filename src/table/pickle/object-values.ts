/** Single values of Python's as numbers of a column's unit, none of them rounded or wrapped around. */
import { EntrepotError } from "../../error/index.ts";
import type {
  PickledDate,
  PickledDateTime,
  PickledDecimal,
  PickledTime,
  PickledTimestamp,
} from "../../format/index.ts";
import { decimalParts } from "./object-kind.ts";

/** Where values come from, for messages. */
export interface From {
  readonly name: string;
  readonly uri: string;
}

/** As the 64 bits of a column. Error: unsupported for what they do not hold. */
export function integerOf(value: bigint, signed: boolean, from: From): bigint {
  if ((signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) !== value) throw unfit(value, from);
  return BigInt.asIntN(64, value);
}

/** Of a number among floats, 0 for what is missing. Error: unsupported for an integer that no float holds. */
export function floatOf(value: unknown, from: From): number {
  const number = Number(value);
  if (typeof value === "bigint" && BigInt(number) !== value) throw unfit(value, from);
  return number;
}

const most = 10n ** 38n;

/** Two words each, the lower one first. Error: unsupported for more than 38 digits. */
export function decimalWords(values: readonly unknown[], scale: number, from: From): BigUint64Array {
  const words = new BigUint64Array(2 * values.length);
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const isDecimal = typeof value === "object";
    const exact = isDecimal
      ? decimalParts((value as PickledDecimal).text)
      : { value: BigInt(value as number), scale: 0 };
    const scaled = (exact?.value ?? 0n) * 10n ** BigInt(scale - (exact?.scale ?? 0));
    if (scaled >= most || scaled <= -most) throw unfit(value, from);
    words[2 * index] = BigInt.asUintN(64, scaled);
    words[2 * index + 1] = BigInt.asUintN(64, scaled >> 64n);
  }
  return words;
}

const dayMs = 86_400_000;

/** Days since 1970. */
export function dayOf({ year, month, day }: PickledDate): number {
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day);
  return instant.getTime() / dayMs;
}

/** Since midnight. */
export function microsOf({ hour, minute, second, microsecond }: PickledTime): bigint {
  return BigInt((hour * 3600 + minute * 60 + second) * 1_000_000 + microsecond);
}

/** In the unit; UTC where there is a zone. */
export function instantOf(value: unknown, unit: "ms" | "us" | "ns"): bigint {
  const perMicro = unit === "ns" ? 1000n : 1n;
  if ("nanoseconds" in (value as object)) return (value as PickledTimestamp).nanoseconds;
  if (!("time" in (value as object))) return BigInt(dayOf(value as PickledDate)) * 86_400_000_000n * perMicro;
  const { date, time } = value as PickledDateTime;
  const offset = Math.round((time.timeZone?.offsetSeconds ?? 0) * 1e6);
  return (BigInt(dayOf(date)) * 86_400_000_000n + microsOf(time) - BigInt(offset)) * perMicro;
}

function unfit(value: unknown, { name, uri }: From): EntrepotError {
  return new EntrepotError("unsupported", `column ${JSON.stringify(name)} of ${uri} holds ${value} among others`, {
    uri,
    hint: "no column type holds them all: make them texts in pandas; readPickle gives them as they are",
  });
}
