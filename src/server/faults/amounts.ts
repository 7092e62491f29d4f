/** Durations, sizes and numbers as lines have them: `50ms`, `64KiB`, `3500/s`. Reading gives undefined for what is none. */

const durations: readonly (readonly [string, number])[] = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];
const sizes: readonly (readonly [string, number])[] = [
  ["GiB", 1024 ** 3],
  ["MiB", 1024 ** 2],
  ["KiB", 1024],
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
  ["B", 1],
];

/** Milliseconds of `50ms`, `1.5s`, `2m`, `1h`, `0`. */
export function readDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = durations.find(([name]) => name === match?.[2])?.[1];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

export function writeDuration(ms: number): string {
  if (ms === 0) return "0";
  const [name, unit] = durations.find(([, size]) => Number.isInteger(ms / size)) ?? ["ms", 1];
  return `${decimal(ms / unit)}${name}`;
}

/** Bytes of `10`, `10B`, `64KiB`, `1.5MB`; whole ones only. */
export function readSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kMG]i?B|B|KiB|KB)?$/.exec(text);
  const name = (match?.[2] ?? "B").replace("KB", "kB").replace("kiB", "KiB");
  const unit = sizes.find(([known]) => known === name)?.[1];
  const bytes = match === null || unit === undefined ? Number.NaN : Number(match[1]) * unit;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export function writeSize(bytes: number): string {
  if (bytes < 1000) return String(bytes);
  const [name, unit] = sizes.find(([, size]) => Number.isInteger(bytes / size)) ?? ["B", 1];
  return name === "B" ? String(bytes) : `${bytes / unit}${name}`;
}

/** Digits with at most one point. */
export function readNumber(text: string): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

export function readCount(text: string): number | undefined {
  return /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

/** A number without an exponent. */
export function decimal(value: number): string {
  const text = value >= 1e21 ? String(BigInt(value)) : String(value);
  return text.includes("e") ? value.toFixed(20).replace(/\.?0+$/, "") : text;
}
