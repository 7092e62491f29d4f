/** The names of dates, times and zones that a pickle may mention: of Python, pytz, zoneinfo, dateutil and pandas' single values. */
import { entryOf } from "./draft.ts";
import { malformed, notSupported } from "./fault.ts";
import { bytesOfLatin1 } from "./literals.ts";
import type { Allowed } from "./names.ts";
import { numberOf, textOf, wholeNumber } from "./plain-classes.ts";
import {
  PickledDate,
  PickledDateTime,
  PickledDuration,
  PickledTime,
  PickledTimestamp,
  PickledTimeZone,
} from "./values.ts";

const utc = () => new PickledTimeZone("UTC", 0);
const nothing: Allowed = { call: () => null };

export const timeNames: ReadonlyMap<string, Allowed> = new Map(
  Object.entries<Allowed>({
    "datetime.date": { call: dateOf },
    "datetime.datetime": { call: dateTimeOf },
    "datetime.time": { call: timeOf },
    "datetime.timedelta": { call: durationOf },
    "datetime.timezone": { call: fixedZone },
    "pytz._UTC": { call: utc },
    "pytz.UTC": { call: utc, value: { is: utc() } },
    "pytz._p": { call: pytzZone },
    "pytz.FixedOffset": { call: ([minutes]) => new PickledTimeZone(undefined, 60 * numberOf(minutes)) },
    "pytz._FixedOffset": { call: ([minutes]) => new PickledTimeZone(undefined, 60 * numberOf(minutes)) },
    "dateutil.tz.tz.tzutc": { call: utc },
    "zoneinfo.ZoneInfo": { call: ([name]) => new PickledTimeZone(zoneName(name)) },
    "zoneinfo.ZoneInfo._unpickle": { call: ([name]) => new PickledTimeZone(zoneName(name)) },
    "backports.zoneinfo.ZoneInfo": {},
    "backports.zoneinfo.ZoneInfo._unpickle": { call: ([name]) => new PickledTimeZone(zoneName(name)) },
    "pandas._libs.tslibs.timestamps._unpickle_timestamp": { call: timestampOf },
    "pandas._libs.tslibs.timestamps.Timestamp": { call: timestampOf },
    "pandas._libs.tslibs.timedeltas._timedelta_unpickle": { call: pandasDuration },
    "pandas._libs.tslibs.timedeltas.Timedelta": { call: pandasDuration },
    "pandas._libs.tslibs.nattype._nat_unpickle": nothing,
    "pandas._libs.tslibs.nattype.__nat_unpickle": nothing,
    "pandas._libs.missing.NA": { value: { is: null } },
    "pandas.NA": { value: { is: null } },
  }),
);

function packed(value: unknown, length: number): Uint8Array {
  const bytes = typeof value === "string" ? bytesOfLatin1(value) : value;
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) throw malformed("a date or time has not its length");
  return bytes;
}

const byteOf = (bytes: Uint8Array, at: number) => bytes[at] as number;

function dateFrom(bytes: Uint8Array): PickledDate {
  const year = byteOf(bytes, 0) * 256 + byteOf(bytes, 1);
  const month = byteOf(bytes, 2) & 0x7f;
  return new PickledDate(wholeNumber(year, 1, 9999), wholeNumber(month, 1, 12), wholeNumber(bytes[3], 1, 31));
}

function timeFrom(bytes: Uint8Array, fold: 0 | 1, zone: unknown): PickledTime {
  const [hour, minute, second, high, middle, low] = bytes;
  const microsecond = ((high as number) << 16) | ((middle as number) << 8) | (low as number);
  return new PickledTime({
    hour: wholeNumber((hour as number) & 0x7f, 0, 23),
    minute: wholeNumber(minute, 0, 59),
    second: wholeNumber(second, 0, 59),
    microsecond: wholeNumber(microsecond, 0, 999_999),
    fold,
    timeZone: zoneOf(zone),
  });
}

const foldOf = (byte: number): 0 | 1 => (byte >= 0x80 ? 1 : 0);

function dateOf([state, ...rest]: readonly unknown[]): PickledDate {
  if (rest.length > 0) return dateOfParts([state, ...rest]);
  return dateFrom(packed(state, 4));
}

/** As a constructor is called by hand. */
function dateOfParts([year, month, day]: readonly unknown[]): PickledDate {
  return new PickledDate(wholeNumber(year, 1, 9999), wholeNumber(month, 1, 12), wholeNumber(day, 1, 31));
}

function dateTimeOf([state, zone]: readonly unknown[]): PickledDateTime {
  const bytes = packed(state, 10);
  return new PickledDateTime(dateFrom(bytes), timeFrom(bytes.subarray(4), foldOf(byteOf(bytes, 2)), zone));
}

function timeOf([state, zone]: readonly unknown[]): PickledTime {
  const bytes = packed(state, 6);
  return timeFrom(bytes, foldOf(byteOf(bytes, 0)), zone);
}

/** Python's own bound, in days. */
const maxDays = 999_999_999;

function durationOf([days = 0, seconds = 0, micros = 0]: readonly unknown[]): PickledDuration {
  const whole = (value: unknown) => BigInt(wholeNumber(value, -maxDays * 86_400, maxDays * 86_400));
  return new PickledDuration(((whole(days) * 86_400n + whole(seconds)) * 1_000_000n + whole(micros)) * 1_000n);
}

function fixedZone([offset, name]: readonly unknown[]): PickledTimeZone {
  if (!(offset instanceof PickledDuration)) throw malformed("a time zone has no offset");
  const seconds = Number(offset.nanoseconds) / 1e9;
  if (!(Math.abs(seconds) < 86_400)) throw malformed("a time zone is more than a day away");
  if (seconds === 0 && name === undefined) return utc();
  return new PickledTimeZone(name === undefined ? undefined : textOf(name), seconds);
}

/** `pytz` keeps the offset of the very time beside the name. */
function pytzZone([name, offset]: readonly unknown[]): PickledTimeZone {
  return new PickledTimeZone(zoneName(name), offset === undefined ? undefined : numberOf(offset));
}

function zoneName(name: unknown): string {
  const text = textOf(name);
  if (!/^[A-Za-z0-9_+/-]{1,100}$/.test(text)) throw malformed("the name of a time zone is none");
  return text;
}

/** Fault: malformed for what is no zone. */
export function zoneOf(zone: unknown): PickledTimeZone | undefined {
  if (zone === undefined || zone === null) return undefined;
  if (!(zone instanceof PickledTimeZone)) throw malformed("a time zone is none");
  return zone;
}

/** Numpy's numbers of units, in nanoseconds. */
const unitNanos: Readonly<Record<number, bigint>> = { 7: 1_000_000_000n, 8: 1_000_000n, 9: 1_000n, 10: 1n };

function nanosOf(value: unknown, unit: unknown): bigint {
  const factor = unitNanos[unit === undefined ? 10 : numberOf(unit)];
  if (factor === undefined) throw notSupported("a time in an unknown unit");
  if (typeof value !== "bigint" && !Number.isSafeInteger(value)) throw malformed("a time is no number");
  return BigInt(value as bigint | number) * factor;
}

/** The latest and earliest that a `Date` can show, too. */
const maxNanos = 8_640_000_000_000_000n * 1_000_000n;

function timestampOf([value, _freq, zone, unit]: readonly unknown[]): PickledTimestamp {
  const nanos = nanosOf(value, unit);
  if (nanos > maxNanos || nanos < -maxNanos) throw notSupported("a time beyond the year 275760");
  return new PickledTimestamp(nanos, zoneOf(zone)?.toString());
}

function pandasDuration([value, unit]: readonly unknown[]): PickledDuration {
  const state = entryOf(value, "value");
  return new PickledDuration(nanosOf(state ?? value, unit));
}
