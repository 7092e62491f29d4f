/** Times in a zip: two seconds exact and without a zone in the header; seconds since 1970 in a field of their own. */

/** The earliest that the header can say, 1980-01-01. */
export const earliestMs: number = Date.UTC(1980, 0, 1);

/** Date and time for the header, read as UTC. */
export function dosTime(modifiedMs: number): { readonly date: number; readonly time: number } {
  const at = new Date(Math.min(Math.max(modifiedMs, earliestMs), Date.UTC(2107, 11, 31)));
  return {
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
  };
}

/** What a header says, in the zone of this machine, as most programs write it; `undefined` for no date. */
export function fromDosTime(date: number, time: number): number | undefined {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  if (month < 1 || month > 12 || day < 1) return undefined;
  const ms = new Date(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
