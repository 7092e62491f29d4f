/**
 * Python's values that JavaScript has no equal of, as data that keeps all they say: readPickle gives them and writePickle takes
 * them. Each is text when it is asked for text or JSON.
 */

const pad = (value: number, digits: number) => String(value).padStart(digits, "0");

/** What they have in common. */
abstract class PickledText {
  abstract toString(): string;

  toJSON(): string {
    return this.toString();
  }
}

/** A zone or a fixed offset: `datetime.timezone`, `zoneinfo`, `pytz`. */
export class PickledTimeZone extends PickledText {
  /** An IANA name or `"UTC"`; `undefined` for an offset alone. */
  readonly name: string | undefined;
  /** Seconds east of UTC; `undefined` where it depends on the time. */
  readonly offsetSeconds: number | undefined;

  /** TypeError when both are undefined. */
  constructor(name: string | undefined, offsetSeconds?: number | undefined) {
    super();
    if (name === undefined && offsetSeconds === undefined) throw new TypeError("a time zone has a name or an offset");
    this.name = name;
    this.offsetSeconds = offsetSeconds;
  }

  /** Its name, else its offset as `"+02:00"`. */
  toString(): string {
    return this.name ?? offsetText(this.offsetSeconds ?? 0);
  }
}

/** `+02:00`, with seconds where there are any. */
export function offsetText(seconds: number): string {
  const whole = Math.abs(seconds);
  const rest = whole % 60;
  const text = `${seconds < 0 ? "-" : "+"}${pad(Math.trunc(whole / 3600), 2)}:${pad(Math.trunc(whole / 60) % 60, 2)}`;
  return rest === 0 ? text : `${text}:${pad(Math.trunc(rest), 2)}`;
}

/** `datetime.date`. */
export class PickledDate extends PickledText {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number) {
    super();
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** `2020-01-02`. */
  toString(): string {
    return `${pad(this.year, 4)}-${pad(this.month, 2)}-${pad(this.day, 2)}`;
  }
}

/** The parts of a time of day. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute?: number | undefined;
  readonly second?: number | undefined;
  readonly microsecond?: number | undefined;
  /** 1: the second of two times of the same name, when clocks are put back. Default 0. */
  readonly fold?: 0 | 1 | undefined;
  readonly timeZone?: PickledTimeZone | undefined;
}

/** `datetime.time`. */
export class PickledTime extends PickledText {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: 0 | 1;
  readonly timeZone: PickledTimeZone | undefined;

  constructor({ hour, minute = 0, second = 0, microsecond = 0, fold = 0, timeZone }: TimeOfDay) {
    super();
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.microsecond = microsecond;
    this.fold = fold;
    this.timeZone = timeZone;
  }

  /** `03:04:05.000678`, with its zone behind it. */
  toString(): string {
    const fraction = this.microsecond === 0 ? "" : `.${pad(this.microsecond, 6)}`;
    return `${pad(this.hour, 2)}:${pad(this.minute, 2)}:${pad(this.second, 2)}${fraction}${zoneText(this.timeZone)}`;
  }
}

/** `datetime.datetime`: a wall clock's, in a zone or in none. */
export class PickledDateTime extends PickledText {
  readonly date: PickledDate;
  readonly time: PickledTime;

  constructor(date: PickledDate, time: PickledTime) {
    super();
    this.date = date;
    this.time = time;
  }

  get timeZone(): PickledTimeZone | undefined {
    return this.time.timeZone;
  }

  /** ISO 8601 with microseconds; a zone follows in brackets: `2020-01-02T03:04:05.000678+01:00[Europe/Vienna]`. */
  toString(): string {
    return `${this.date}T${this.time}`;
  }

  /**
   * The instant, to the millisecond. RangeError for a time that says no instant: one in no zone, and one in a zone of which only the
   * name is known.
   */
  toDate(): Date {
    const { offsetSeconds, name } = this.timeZone ?? {};
    const offset = name === "UTC" ? 0 : offsetSeconds;
    if (offset === undefined) throw new RangeError(`${this} is no instant: its offset from UTC is not known`);
    const { date, time } = this;
    const instant = new Date(0);
    instant.setUTCFullYear(date.year, date.month - 1, date.day);
    instant.setUTCHours(time.hour, time.minute, time.second, Math.trunc(time.microsecond / 1000));
    return new Date(instant.getTime() - offset * 1000);
  }
}

function zoneText(zone: PickledTimeZone | undefined): string {
  if (zone === undefined) return "";
  const offset =
    zone.name === "UTC" ? "+00:00" : zone.offsetSeconds === undefined ? "" : offsetText(zone.offsetSeconds);
  return zone.name === undefined || zone.name === "UTC" ? offset : `${offset}[${zone.name}]`;
}

/** `datetime.timedelta` and `pandas.Timedelta`. */
export class PickledDuration extends PickledText {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = nanoseconds;
  }

  /** ISO 8601 in seconds: `PT90.5S`. */
  toString(): string {
    return `${this.nanoseconds < 0n ? "-" : ""}PT${decimalText(this.nanoseconds, 9)}S`;
  }
}

/** `pandas.Timestamp`: an instant where it has a zone, else a wall clock's time. */
export class PickledTimestamp extends PickledText {
  /** Since 1970: UTC where there is a zone. */
  readonly nanoseconds: bigint;
  /** An IANA name, `"UTC"` or an offset such as `"+02:00"`. */
  readonly timeZone: string | undefined;

  constructor(nanoseconds: bigint, timeZone?: string | undefined) {
    super();
    this.nanoseconds = nanoseconds;
    this.timeZone = timeZone;
  }

  /** To the millisecond; a time without a zone is taken for UTC. */
  toDate(): Date {
    const millis = this.nanoseconds / 1_000_000n;
    return new Date(Number(this.nanoseconds % 1_000_000n < 0n ? millis - 1n : millis));
  }

  /** ISO 8601 in UTC with nanoseconds, the zone in brackets: `2020-01-01T00:00:00.5Z[Europe/Vienna]`. */
  toString(): string {
    const rest = ((this.nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
    const seconds = new Date(Number((this.nanoseconds - rest) / 1_000_000n)).toISOString().slice(0, 19);
    const fraction = rest === 0n ? "" : `.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
    if (this.timeZone === undefined) return `${seconds}${fraction}`;
    return `${seconds}${fraction}Z${this.timeZone === "UTC" ? "" : `[${this.timeZone}]`}`;
  }
}

/** A whole number of the smallest part, as decimals without a sign and without final zeros. */
function decimalText(value: bigint, decimals: number): string {
  const digits = String(value < 0n ? -value : value).padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return digits.slice(0, -decimals) + (fraction === "" ? "" : `.${fraction}`);
}

/** `decimal.Decimal`, digit for digit. */
export class PickledDecimal extends PickledText {
  /** As Python writes it: `"1.10"`, `"1E+5"`, `"NaN"`, `"-Infinity"`. */
  readonly text: string;

  /** TypeError for text that is no decimal number. */
  constructor(text: string) {
    super();
    if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?|Inf(?:inity)?|s?NaN\d*)$/i.test(text))
      throw new TypeError(`not a decimal number: ${JSON.stringify(text.slice(0, 40))}`);
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** `uuid.UUID`. */
export class PickledUuid extends PickledText {
  /** 32 digits in five groups, lower case. */
  readonly text: string;

  /** TypeError for text that is no UUID. */
  constructor(text: string) {
    super();
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
      throw new TypeError(`not a UUID: ${JSON.stringify(text.slice(0, 40))}`);
    this.text = text.toLowerCase();
  }

  toString(): string {
    return this.text;
  }
}

/** `complex`. */
export class PickledComplex extends PickledText {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    super();
    this.re = re;
    this.im = im;
  }

  /** `1+2j`. */
  toString(): string {
    return `${this.re}${this.im < 0 || Object.is(this.im, -0) ? "-" : "+"}${Math.abs(this.im)}j`;
  }
}
