/** Values that no operation of a pickle makes, as calls of Python's own names. */
import { PickledArray } from "./array.ts";
import { PickledFrame, PickledLabels, PickledSeries } from "./frame.ts";
import { frameToPython, labelsToPython, seriesToPython } from "./frame-to-python.ts";
import { arrayToPython, typedArrayToPython } from "./numpy-to-python.ts";
import { call, type PythonCall } from "./python-call.ts";
import {
  PickledComplex,
  PickledDate,
  PickledDateTime,
  PickledDecimal,
  PickledDuration,
  PickledTime,
  PickledTimestamp,
  PickledTimeZone,
  PickledUuid,
} from "./values.ts";
import { microsToPython, zoneNamed, zoneToPython } from "./zone-to-python.ts";

/** TypeError, with its name, for what has no equal in Python. */
export function toPython(value: object): unknown {
  if (value instanceof Date) return dateTimeToPython(dateTimeOf(value));
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) throw new TypeError("a DataView cannot be pickled: give its bytes as a Uint8Array");
  if (ArrayBuffer.isView(value)) return typedArrayToPython(value as Float64Array);
  if (value instanceof PickledArray) return arrayToPython(value);
  if (value instanceof PickledFrame) return frameToPython(value);
  if (value instanceof PickledSeries) return seriesToPython(value);
  if (value instanceof PickledLabels) return labelsToPython(value.index);
  if (value instanceof PickledDateTime) return dateTimeToPython(value);
  if (value instanceof PickledDate) return call("datetime", "date", dateBytes(value));
  if (value instanceof PickledTime) return withZone("time", timeBytes(value, value.fold), value.timeZone);
  if (value instanceof PickledDuration) return durationToPython(value);
  if (value instanceof PickledTimestamp) return timestampToPython(value);
  if (value instanceof PickledTimeZone) return zoneToPython(value);
  if (value instanceof PickledDecimal) return call("decimal", "Decimal", value.text);
  if (value instanceof PickledUuid) return call("uuid", "UUID", value.text);
  if (value instanceof PickledComplex) return call("builtins", "complex", value.re, value.im);
  if ("then" in value && typeof value.then === "function") throw new TypeError("a promise cannot be pickled: await it");
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? "object";
  throw new TypeError(`a ${name} cannot be pickled: make it a plain object, a Map or another plain value`);
}

/** A `Date` is an instant, to the millisecond. */
function dateTimeOf(date: Date): PickledDateTime {
  if (Number.isNaN(date.getTime())) throw new TypeError("an invalid date cannot be pickled");
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) throw new RangeError(`Python has no datetime in the year ${year}`);
  return new PickledDateTime(
    new PickledDate(year, date.getUTCMonth() + 1, date.getUTCDate()),
    new PickledTime({
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      microsecond: date.getUTCMilliseconds() * 1000,
      timeZone: new PickledTimeZone("UTC", 0),
    }),
  );
}

function dateBytes({ year, month, day }: PickledDate): Uint8Array {
  return Uint8Array.of(year >> 8, year & 0xff, month, day);
}

/** The hour bears the fold of a time; of a date and time the month does. */
function timeBytes({ hour, minute, second, microsecond }: PickledTime, fold: 0 | 1): Uint8Array {
  const [high, middle, low] = [microsecond >> 16, (microsecond >> 8) & 0xff, microsecond & 0xff];
  return Uint8Array.of(hour | (fold << 7), minute, second, high, middle, low);
}

function dateTimeToPython({ date, time }: PickledDateTime): PythonCall {
  const bytes = Uint8Array.from([...dateBytes(date), ...timeBytes(time, 0)]);
  bytes[2] = date.month | (time.fold << 7);
  return withZone("datetime", bytes, time.timeZone);
}

function withZone(name: string, bytes: Uint8Array, zone: PickledTimeZone | undefined): PythonCall {
  return zone === undefined ? call("datetime", name, bytes) : call("datetime", name, bytes, zoneToPython(zone));
}

function durationToPython({ nanoseconds }: PickledDuration): PythonCall {
  return nanoseconds % 1000n === 0n ? microsToPython(nanoseconds / 1000n) : call("pandas", "Timedelta", nanoseconds);
}

function timestampToPython({ nanoseconds, timeZone }: PickledTimestamp): PythonCall {
  const wall = call("pandas", "Timestamp", nanoseconds);
  if (timeZone === undefined) return wall;
  const utc = call("pandas", "Timestamp.tz_localize", wall, "UTC");
  return timeZone === "UTC" ? utc : call("pandas", "Timestamp.tz_convert", utc, zoneNamed(timeZone));
}
