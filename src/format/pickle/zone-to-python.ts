/** Durations and time zones as calls of Python's own. */
import { call, type PythonCall } from "./python-call.ts";
import { PickledTimeZone } from "./values.ts";

const day = 86_400_000_000n;

/** A `timedelta` of so many microseconds. */
export function microsToPython(micros: bigint): PythonCall {
  const days = (micros - (((micros % day) + day) % day)) / day;
  const rest = Number(micros - days * day);
  return call("datetime", "timedelta", Number(days), Math.floor(rest / 1e6), rest % 1e6);
}

/** `zoneinfo` for a name, `datetime.timezone` for an offset. */
export function zoneToPython({ name, offsetSeconds }: PickledTimeZone): PythonCall {
  // pytz knows the offset of one of its times, too; its zones have a place in their name
  if (name !== undefined && (offsetSeconds === undefined || name.includes("/")))
    return call("zoneinfo", "ZoneInfo", name);
  const offset = microsToPython(BigInt(Math.round((offsetSeconds ?? 0) * 1e6)));
  if (name === undefined || (name === "UTC" && offsetSeconds === 0)) return call("datetime", "timezone", offset);
  return call("datetime", "timezone", offset, name);
}

/** A zone as columns name it: an offset is no name to every pandas. */
export function zoneNamed(name: string): unknown {
  const offset = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name);
  if (offset === null) return name;
  const [, sign, hours, minutes, seconds = "0"] = offset;
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return zoneToPython(new PickledTimeZone(undefined, sign === "-" ? -whole : whole));
}
