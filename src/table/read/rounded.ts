/**
 * Integers that became floats because one number of their column has a fraction: from 2^53 on, some are no longer what was written.
 * What was written is looked at again then.
 */
import { EntrepotError } from "../../error/index.ts";
import type { DataFrame, Polars } from "../engine.ts";
import { columnExpr } from "../rows/expression.ts";

/**
 * `suspects` are columns whose type was found and not asked for; `readText` gives such columns as text. Error: unsupported for an
 * integer that was rounded.
 */
export async function refuseRounded(
  pl: Polars,
  frame: DataFrame,
  suspects: readonly string[],
  uri: string,
  readText: (columns: readonly string[]) => Promise<DataFrame>,
): Promise<void> {
  const large = suspects.filter((name) => frame.columns.includes(name) && hasLarge(pl, frame, name));
  if (large.length === 0) return;
  const text = await readText(large);
  for (const name of large) {
    const integers = text.filter(columnExpr(pl, name).str.contains(/^[+-]?\d{16,}$/)).getColumn(name);
    const rounded = (integers.toArray() as string[]).find((each) => BigInt(each) !== BigInt(Number(each)));
    if (rounded === undefined) continue;
    throw new EntrepotError(
      "unsupported",
      `column ${JSON.stringify(name)} of ${uri} holds fractions and ${rounded}, which no float64 can hold`,
      { uri, hint: `say how it is read: { types: { ${JSON.stringify(name)}: "string" } }, or "decimal(38,10)"` },
    );
  }
}

function hasLarge(pl: Polars, frame: DataFrame, name: string): boolean {
  const column = frame.getColumn(name);
  const [least, most] = [column.min(), column.max()] as readonly (number | null)[];
  if ((least ?? 0) > -(2 ** 53) && (most ?? 0) < 2 ** 53) return false;
  const cell = columnExpr(pl, name);
  return frame.filter(cell.isFinite().and(cell.abs().gtEq(pl.lit(2 ** 53)))).height > 0;
}
