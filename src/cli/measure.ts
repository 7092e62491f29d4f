/** Sizes, times and counts as people read them. Machines get the numbers, with `--json`. */

const units = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Bytes in three digits or so and powers of 1,000, e.g. `"1.4 MB"`. */
export function formatSize(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** UTC to the second, e.g. `"2026-11-22 10:44:07"`; blank for a time that is not known. */
export function formatTime(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 19).replace("T", " ") : "";
}

/** How long, in one unit, e.g. `"3 h"`. */
export function formatAge(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `"2,000"`: whole numbers from 0. By hand, for the first number that Node itself puts in words costs 10 ms and more. */
export function formatNumber(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `"1 object"`, `"2,000 objects"`. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}
