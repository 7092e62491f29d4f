/** Sets of keys with which a listing in shards has it easy, hard or impossible; each in the order of their bytes. */
import { createHash } from "node:crypto";
import { compareKeys } from "../../../uri/index.ts";

const hex = (n: number) => createHash("md5").update(String(n)).digest("hex");
const padded = (n: number, width: number) => String(n).padStart(width, "0");
const day = (n: number) => new Date(Date.UTC(2024, 0, 1) + n).toISOString();
const syllables = ["ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu"];

/** A word of several syllables, out of about 50,000. */
function word(n: number): string {
  const digest = createHash("md5").update(`w${n}`).digest();
  return Array.from({ length: 4 }, (_, at) => syllables[(digest[at] ?? 0) % syllables.length]).join("");
}

function space(count: number, keyOf: (n: number) => string): readonly string[] {
  return [...new Set(Array.from({ length: count }, (_, n) => keyOf(n)))].sort(compareKeys);
}

/** By name: what makes `count` keys. */
export const keySpaces: Readonly<Record<string, (count: number) => readonly string[]>> = {
  "padded numbers": (count) => space(count, (n) => `raw/${padded(n, 9)}/part.parquet`),
  "numbers as they are": (count) => space(count, (n) => `run-${n}.json`),
  hashes: (count) => space(count, hex),
  "hashes in folders": (count) => space(count, (n) => `objects/${hex(n).slice(0, 2)}/${hex(n)}`),
  "days with as many parts": (count) =>
    space(count, (n) => `t/${day(Math.floor(n / 500) * 86_400_000).slice(0, 10)}/part-${padded(n % 500, 5)}.csv`),
  "one file a minute": (count) => space(count, (n) => `log/${day(n * 60_000).replaceAll(/[-T:]/g, "/")}`),
  words: (count) => space(count, (n) => `dict/${word(n)}-${n % 7}`),
  "a long beginning in common": (count) => space(count, (n) => `${"deep/".repeat(180)}${padded(n, 7)}`),
  "nearly all in one folder": (count) =>
    space(count, (n) => (n % 50 === 0 ? `few-${n}/x` : `m/huge/${padded(n * 37, 8)}`)),
  "code points beyond the BMP": (count) =>
    space(count, (n) => `${String.fromCodePoint(0x1f300 + (n % 700))}${String.fromCodePoint(0x10000 + n)}`),
  "single CJK characters": (count) => space(count, (n) => `${String.fromCodePoint(0x4e00 + (n % 20_000))}${n}`),
  slashes: (count) => space(count, (n) => `${"/".repeat(1 + (n % 9))}${n}${"/".repeat(n % 3)}`),
  "control characters": (count) => space(count, (n) => `x${String.fromCharCode(1 + (n % 31))}${n.toString(2)}`),
  "each the beginning of the next": (count) => space(Math.min(count, 900), (n) => "a".repeat(n + 1)),
  "twice as far each time": (count) =>
    space(count, (n) => padded(Math.floor(2 ** ((n * 52) / count)), 16) + padded(n, 6)),
  "a mixture": (count) =>
    space(count, (n) => [`raw/${padded(n, 9)}`, hex(n), `t/${day(n * 3_600_000)}`, word(n) + n][n % 4] ?? ""),
};
