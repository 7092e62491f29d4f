/**
 * Whether rows that lie within bounds can pass a condition. "No" leaves out a row group or a file without a look at it, so it is
 * only said when it is certain. Pure.
 */
import type { Kind } from "../values/kind.ts";
import type { Condition, Operator } from "./condition.ts";
import { operandOf } from "./operand.ts";
import type { Scalar } from "./where.ts";

/** Text as UTF-8, which may be cut short. */
export type Bound = bigint | number | boolean | Uint8Array;

/** What is known of a column's values; bounds in the unit of the column, inclusive. */
export interface Bounds {
  readonly kind: Kind;
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
  /** Default: not known. */
  readonly nulls?: "none" | "some" | "all" | undefined;
}

/** `boundsOf` gives `undefined` for a column of which nothing is known. */
export function mayMatch(condition: Condition, boundsOf: (column: string) => Bounds | undefined): boolean {
  if ("parts" in condition) {
    const { op, parts } = condition;
    const may = (part: Condition) => mayMatch(part, boundsOf);
    return op === "and" ? parts.every(may) : parts.some(may);
  }
  const bounds = boundsOf(condition.column);
  if (bounds === undefined) return true;
  if (condition.op === "null") return bounds.nulls !== "none";
  if (bounds.nulls === "all") return false;
  if ("values" in condition) return condition.values.some((value) => mayPass(condition.column, "eq", value, bounds));
  return "value" in condition ? mayPass(condition.column, condition.op, condition.value, bounds) : true;
}

function mayPass(column: string, op: Operator, value: Scalar, { kind, min, max }: Bounds): boolean {
  const operand = operandOf(value, kind, column);
  if (min === undefined || max === undefined) return true;
  if ("between" in operand) {
    const { between } = operand;
    if (op === "eq") return false;
    if (op === "ne") return true;
    const lower = op === "lt" || op === "lte";
    if (between === "all above") return lower;
    if (between === "all below") return !lower;
    return lower ? compare(min, between) <= 0 : compare(max, between) > 0;
  }
  const { exact } = operand;
  switch (op) {
    case "eq":
      return compare(min, exact) <= 0 && compare(max, exact) >= 0;
    case "ne":
      // bounds of text may have been cut short, and those of floats know no NaN, so that being equal says nothing
      return kind.kind === "string" || kind.kind === "float" || compare(min, exact) !== 0 || compare(max, exact) !== 0;
    case "lt":
      return compare(min, exact) < 0;
    case "lte":
      return compare(min, exact) <= 0;
    case "gt":
      return compare(max, exact) > 0;
    case "gte":
      return compare(max, exact) >= 0;
  }
}

/** Text by its bytes in UTF-8, as Parquet orders it. */
function compare(a: Bound, b: Bound | string): number {
  if (a instanceof Uint8Array) return Buffer.compare(a, typeof b === "string" ? Buffer.from(b) : (b as Uint8Array));
  return a < b ? -1 : a > b ? 1 : 0;
}
