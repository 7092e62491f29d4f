/**
 * Durations and sizes as people write them. A bare number is no duration: S3 counts seconds and Node milliseconds.
 */

/** `"30d"`, `"250ms"`, `"1.5h"`, or 0. */
export type Duration = 0 | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

/** Bytes, or `"200GB"` (10⁹), `"200GiB"` (2³⁰) or, as find, aws and rclone mean it, `"200G"` (2³⁰ too). */
export type ByteSize =
  | number
  | `${number}${"B" | "kB" | "MB" | "GB" | "TB" | "KiB" | "MiB" | "GiB" | "TiB" | "K" | "M" | "G" | "T"}`;

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const sizeUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  k: 1024,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** Checks text from the environment or a flag, e.g. `parseDuration("1h")`; RangeError when it is none. `"0"` is 0. */
export function parseDuration(text: string): Duration {
  const trimmed = text.trim();
  if (trimmed === "0") return 0;
  durationMs(trimmed as Duration);
  return trimmed as Duration;
}

/** Milliseconds of a duration. RangeError when it is none, e.g. a bare number. */
export function durationMs(duration: Duration): number {
  if (duration === 0) return 0;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration));
  const unit = durationUnits[match?.[2] ?? ""];
  if (match === null || unit === undefined)
    throw new RangeError(
      `not a duration: ${JSON.stringify(duration)}; write a number and a unit, e.g. "250ms", "30s", "1h", "30d", or 0`,
    );
  return Number(match[1]) * unit;
}

/** Bytes of a size, e.g. `parseByteSize("200GB")` is 200,000,000,000; RangeError when it is none. Rounded to whole bytes. */
export function parseByteSize(text: string | number): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kMGT]?i?B|[kKMGT])?$/.exec(String(text).trim().replace(/KB$/, "kB"));
  const unit = sizeUnits[match?.[2] ?? "B"];
  const bytes = match === null || unit === undefined ? Number.NaN : Math.round(Number(match[1]) * unit);
  if (!Number.isSafeInteger(bytes))
    throw new RangeError(
      `not a size: ${JSON.stringify(text)}; write bytes, or a number and a unit, e.g. "200GB" or "64MiB"`,
    );
  return bytes;
}
