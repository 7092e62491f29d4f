/**
 * Texts of days and wall clocks in ISO 8601 as numbers, read in the bytes that polars keeps them in: a third of what polars itself
 * takes. Only the plain forms, all of one shape; of everything else polars decides.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { frameOfColumns } from "../arrow/frame-of-columns.ts";
import type { DataFrame, Polars } from "../engine.ts";
import { columnExpr } from "../rows/expression.ts";
import { type ArrowColumn, arrowTable } from "../values/arrow.ts";
import { batchOf, columnOfBatch, gapsOf } from "../values/batch.ts";
import type { Column } from "../values/kind.ts";
import { everyText, validOf } from "../values/raw-column.ts";

/** Whether such a column is read here: days, and microseconds without a zone. */
export function isIsoKind({ type }: Column): boolean {
  return type.kind === "date" || (type.kind === "timestamp" && type.unit === "us" && type.zone === undefined);
}

/** The frame with these columns of text as days and times; `undefined` where a text has another form. */
export async function withIsoTimes(
  pl: Polars,
  frame: DataFrame,
  columns: readonly Column[],
): Promise<DataFrame | undefined> {
  let whole = frame;
  for (const { name, type } of columns) {
    const table = arrowTable(frame.select(columnExpr(pl, name)).writeIPC());
    const column = table.getChildAt(0) as ArrowColumn<unknown>;
    const { length } = column;
    const words = new Int32Array(type.kind === "date" ? length : 2 * length);
    let first = 0;
    for (const batch of column.data) {
      const isRead = everyText(batch, (bytes, start, end, row) =>
        put(words, first + row, type.kind, bytes, start, end),
      );
      if (!isRead) return undefined;
      first += batch.length;
      await nextTurn();
    }
    const values = type.kind === "date" ? words : new BigInt64Array(words.buffer);
    const valid = validOf(column);
    const gaps = valid === undefined ? { nullCount: 0 } : gapsOf(length, (row) => valid[row] !== 0);
    const made = frameOfColumns(pl, [[name, columnOfBatch(batchOf(type, { length, values }, gaps))]]);
    whole = whole.withColumns(made.getColumn(name)) as DataFrame;
  }
  return whole;
}

/** False for what is none. */
function put(words: Int32Array, row: number, kind: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (kind === "date") {
    const day = end - start === 10 ? dayAt(bytes, start) : Number.NaN;
    words[row] = day;
    return !Number.isNaN(day);
  }
  const micros = microsAt(bytes, start, end);
  words[2 * row] = micros | 0;
  words[2 * row + 1] = Math.floor(micros / 2 ** 32);
  return Number.isSafeInteger(micros);
}

const [dash, point, colon, letterT, space] = [0x2d, 0x2e, 0x3a, 0x54, 0x20];
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A number of two digits, or one that is larger than any. */
function two(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [(bytes[at] as number) - 0x30, (bytes[at + 1] as number) - 0x30];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : 1000;
}

/** Days since 1970 of `2020-01-02`; NaN for what is none. */
export function dayAt(bytes: Uint8Array, at: number): number {
  const [century, rest] = [two(bytes, at), two(bytes, at + 2)];
  const [month, day] = [two(bytes, at + 5), two(bytes, at + 8)];
  const year = 100 * century + rest;
  if (year > 9999 || bytes[at + 4] !== dash || bytes[at + 7] !== dash || month < 1 || month > 12) return Number.NaN;
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day < 1 || day > (monthDays[month - 1] as number) + (isLeap ? 1 : 0)) return Number.NaN;
  // years that begin in March have their leap day at the end
  const march = month > 2 ? year : year - 1;
  const era = Math.floor(march / 400);
  const ofEra = march - 400 * era;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return 146_097 * era + 365 * ofEra + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** Microseconds since 1970 of `2020-01-02T03:04:05`, with one to six more digits behind a point; NaN for what is none. */
export function microsAt(bytes: Uint8Array, start: number, end: number): number {
  const size = end - start;
  if (size < 19 || size === 20 || size > 26) return Number.NaN;
  const separator = bytes[start + 10];
  if ((separator !== letterT && separator !== space) || bytes[start + 13] !== colon || bytes[start + 16] !== colon)
    return Number.NaN;
  const [hour, minute, second] = [two(bytes, start + 11), two(bytes, start + 14), two(bytes, start + 17)];
  if (hour > 23 || minute > 59 || second > 59 || (size > 19 && bytes[start + 19] !== point)) return Number.NaN;
  let fraction = 0;
  for (let at = start + 20; at < start + 26; at += 1) {
    const digit = at < end ? (bytes[at] as number) - 0x30 : 0;
    if (digit < 0 || digit > 9) return Number.NaN;
    fraction = 10 * fraction + digit;
  }
  return (dayAt(bytes, start) * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + fraction;
}
