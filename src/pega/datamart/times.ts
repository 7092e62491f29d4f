/**
 * Pega's timestamps, all of the forms that its exports have. A time without a zone is GMT, as Pega's are. Fractions of a second count
 * as what they are: `.07` is 70 ms. Pure.
 */

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const day = String.raw`(?<day>\d{1,2})`;
const word = "(?<word>[A-Za-z]{3})";
const clock = String.raw`(?<hour>\d{1,2}):?(?<minute>\d{2})(?::?(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?`;
const zone = String.raw`(?:\s*(?<zone>\S.*))?`;
const forms: readonly RegExp[] = [
  // 20210601T082326.789 GMT, 20210601T082326_GMT, 20210601
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:[T ]?${clock}[ _]?${zone})?`,
  // 2021-06-01 08:23:26, 2021-06-01T08:23:26.789Z, 2021-06-01
  String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[T ]${clock}${zone})?`,
  // 01JUN2021:08:23:26
  String.raw`${day}${word}(?<year>\d{4}):${clock}`,
  // 06/01/2021 08:23 AM
  String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4})(?: ${clock}(?: ?(?<half>[AaPp])[Mm])?)?`,
  // 01-Jun-21, 01/Jun/21, 01-Jun-2021
  String.raw`${day}[-/]${word}[-/](?<year>\d{4}|\d{2})`,
].map((form) => new RegExp(`^${form}$`));

/** Milliseconds since 1970, or `undefined` for what is no time. `zone` is a name of a zone that was taken for GMT. */
export function parsePegaTime(text: string): { readonly ms: number; readonly zone?: string | undefined } | undefined {
  const given = text.trim();
  // a number of milliseconds or seconds is no date without signs
  if (/^\d+$/.test(given) && ![8, 12, 14].includes(given.length)) return undefined;
  for (const form of forms) {
    const groups = form.exec(given)?.groups;
    if (groups !== undefined) return timeOf(groups);
  }
  return undefined;
}

/** `20210601T082326.789 GMT`: what Pega writes, and `parsePegaTime` reads. RangeError for years that four digits do not hold. */
export function formatPegaTime(ms: number): string {
  const [, year, rest] = /^(\d{4})-(.*)Z$/.exec(new Date(ms).toISOString()) ?? [];
  if (year === undefined || rest === undefined) throw new RangeError(`no year of four digits: ${ms} ms since 1970`);
  return `${year}${rest.replaceAll(/[-:]/g, "")} GMT`;
}

type Groups = Readonly<Record<string, string | undefined>>;

function timeOf(groups: Groups): { readonly ms: number; readonly zone?: string | undefined } | undefined {
  const month =
    groups["word"] === undefined ? Number(groups["month"]) : months.indexOf(groups["word"].toLowerCase()) + 1;
  const hour = hourOf(Number(groups["hour"] ?? 0), groups["half"]?.toLowerCase());
  const numbers = [yearOf(groups["year"] ?? ""), month, Number(groups["day"])] as const;
  const [minute, second] = [Number(groups["minute"] ?? 0), Number(groups["second"] ?? 0)];
  if (hour === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  // of digits beyond the milliseconds none is rounded up: a time never becomes a later one
  const ms = Number((groups["fraction"] ?? "").slice(0, 3).padEnd(3, "0"));
  const date = new Date(0);
  date.setUTCFullYear(numbers[0], numbers[1] - 1, numbers[2]);
  if (date.getUTCMonth() !== numbers[1] - 1 || date.getUTCDate() !== numbers[2]) return undefined;
  date.setUTCHours(hour, minute, second, ms);
  const zone = zoneOf(groups["zone"]);
  return { ms: date.getTime() - zone.offsetMs, zone: zone.unknown };
}

/** As strptime reads years of two digits: 69 to 99 are of the last century. */
function yearOf(text: string): number {
  const year = Number(text);
  if (text.length !== 2) return year;
  return year < 69 ? 2000 + year : 1900 + year;
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === "p" ? 12 : 0);
}

/** `GMT`, `Z`, `+02:00`, `GMT+0200`; of other names nobody knows the offset. */
function zoneOf(text: string | undefined): { readonly offsetMs: number; readonly unknown?: string } {
  if (text === undefined) return { offsetMs: 0 };
  const [, sign, hours, minutes] = /^(?:GMT|UTC|Z)?(?:([+-])(\d{2}):?(\d{2})?)?$/i.exec(text) ?? [];
  if (sign !== undefined)
    return { offsetMs: (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000 };
  return /^(?:GMT|UTC|Z)$/i.test(text) ? { offsetMs: 0 } : { offsetMs: 0, unknown: text };
}
