/**
 * Numbers that became floats and are no longer what was written: integers from 2^53 on, and numbers beyond the greatest float. What
 * was written is looked at again then.
 */
import { EntrepotError } from "../../error/index.ts";
import type { DataFrame, Polars } from "../engine.ts";
import type { Condition } from "../rows/condition.ts";
import { columnExpr } from "../rows/expression.ts";
import type { Scalar } from "../rows/where.ts";

/** The first whole number that not every float has for itself. */
const least = 2 ** 24;

/** What a float of so many bits holds, and the texts of numbers that it may not hold. */
const floats = {
  32: { integers: 2 ** 24, doubtful: /^[+-]?\d{8,}$|\d{39}|[eE]\+?\d{2}/, held: Math.fround },
  64: { integers: 2 ** 53, doubtful: /^[+-]?\d{16,}$|\d{309}|[eE]\+?\d{3}/, held: (number: number) => number },
} as const;

/**
 * `suspects` are columns of floats; `readText` gives such columns as text. Error: unsupported for a number that became another one.
 */
export async function refuseRounded(
  pl: Polars,
  frame: DataFrame,
  suspects: readonly string[],
  uri: string,
  readText: (columns: readonly string[]) => Promise<DataFrame>,
  point: "." | "," = ".",
): Promise<void> {
  const present = suspects.filter((name) => frame.columns.includes(name));
  const bits = new Map(present.map((name) => [name, bitsOf(frame, name)] as const));
  const large = present.filter((name) => hasLarge(pl, frame, name, floats[bits.get(name) ?? 64].integers));
  if (large.length === 0) return;
  const text = await readText(large);
  for (const name of large) {
    const { doubtful, held } = floats[bits.get(name) ?? 64];
    const written = text.filter(columnExpr(pl, name).str.contains(doubtful)).getColumn(name);
    const changed = (written.toArray() as string[]).find((each) => isChanged(each.replace(point, "."), held));
    if (changed === undefined) continue;
    throw rounded([name], changed, bits.get(name) ?? 64, uri);
  }
}

/** `path`: the column, then the fields in it. */
export function rounded(
  path: readonly [string, ...string[]],
  number: string,
  bits: 32 | 64,
  uri: string,
): EntrepotError {
  const shown = number.length > 60 ? `${number.slice(0, 60)}…` : number;
  const name = path.map((each) => JSON.stringify(each)).join(".");
  return new EntrepotError(
    "unsupported",
    `column ${name} of ${uri} is read as fractions and holds ${shown}, which no float${bits} can hold`,
    { uri, hint: `say how it is read: { types: { ${JSON.stringify(path[0])}: "string" } }, or "decimal(38,10)"` },
  );
}

/** Columns that are compared with a number from which on a float may be another one than was written. */
export function comparedWithLarge(condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return [];
  if ("parts" in condition) return [...new Set(condition.parts.flatMap(comparedWithLarge))];
  const values = "values" in condition ? condition.values : "value" in condition ? [condition.value] : [];
  const isLarge = (value: Scalar) =>
    (typeof value === "number" || typeof value === "bigint") && (value >= least || value <= -least);
  return values.some(isLarge) ? [condition.column] : [];
}

function bitsOf(frame: DataFrame, name: string): 32 | 64 {
  return /32/.test(String(frame.getColumn(name).dtype)) ? 32 : 64;
}

function isChanged(text: string, held: (number: number) => number): boolean {
  const number = held(Number(text));
  if (!Number.isFinite(number)) return !Number.isNaN(number) && /\d/.test(text);
  return /^[+-]?\d+$/.test(text) && BigInt(text) !== BigInt(number);
}

function hasLarge(pl: Polars, frame: DataFrame, name: string, integers: number): boolean {
  const column = frame.getColumn(name);
  const [least, most] = [column.min(), column.max()] as readonly (number | null)[];
  if ((least ?? 0) > -integers && (most ?? 0) < integers) return false;
  const cell = columnExpr(pl, name);
  return frame.filter(cell.isNotNan().and(cell.abs().gtEq(pl.lit(integers)))).height > 0;
}
