/** A condition as polars' expression. Every number goes in as text or as a column of its own type: polars rounds what is not. */

import { EntrepotError } from "../../error/index.ts";
import type { Expr, Polars } from "../engine.ts";
import { decimalText } from "../values/exact-text.ts";
import type { Column, Kind } from "../values/kind.ts";
import { engineType } from "../values/types.ts";
import type { Condition, Operator } from "./condition.ts";
import { type Operand, operandOf } from "./operand.ts";

/** Errors: malformed for a column that there is none of; TypeError for a value that cannot be compared with it. */
export function expressionOf(pl: Polars, condition: Condition, columns: readonly Column[], uri: string): Expr {
  if ("parts" in condition) return joined(pl, condition, columns, uri);
  const { column } = condition;
  const kind = columns.find(({ name }) => name === column)?.type;
  if (kind === undefined) throw noColumn(column, columns, uri);
  const cell = columnExpr(pl, column);
  if ("values" in condition) {
    const members = condition.values.map((value) => compared(pl, cell, "eq", operandOf(value, kind, column), kind));
    return members.reduce((all, member) => all.or(member), pl.lit(false));
  }
  if (!("value" in condition)) return condition.op === "null" ? cell.isNull() : cell.isNotNull();
  const test = compared(pl, cell, condition.op, operandOf(condition.value, kind, column), kind);
  // polars has NaN above all numbers; in JavaScript and in the bounds of files it is not among them
  return kind.kind === "float" && condition.op !== "ne" ? test.and(cell.isNotNan()) : test;
}

/** `pl.col` takes `*` and `^…$` for patterns. */
function isPattern(name: string): boolean {
  return name === "*" || (name.startsWith("^") && name.endsWith("$"));
}

/** These columns, in this order. One expression for all of them: each takes polars in JavaScript a millisecond to make. */
export function columnsExpr(pl: Polars, names: readonly string[]): Expr[] {
  const isPlain = names.length > 1 && !names.some(isPattern);
  return isPlain ? [pl.cols([...names])] : names.map((name) => columnExpr(pl, name));
}

export function columnExpr(pl: Polars, name: string): Expr {
  return pl.col(isPattern(name) ? `^${name.replace(/[\\^$.*+?()[\]{}|-]/g, "\\$&")}$` : name);
}

export function noColumn(column: string, columns: readonly Pick<Column, "name">[], uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} has no column ${JSON.stringify(column)}`, {
    uri,
    hint: `it has ${columns.map(({ name }) => JSON.stringify(name)).join(", ")}`,
  });
}

function joined(
  pl: Polars,
  { op, parts }: Extract<Condition, { parts: unknown }>,
  columns: readonly Column[],
  uri: string,
): Expr {
  const [first, ...rest] = parts.map((part) => expressionOf(pl, part, columns, uri));
  if (first === undefined) return pl.lit(op === "and");
  return rest.reduce((all, part) => (op === "and" ? all.and(part) : all.or(part)), first);
}

function compared(pl: Polars, cell: Expr, op: Operator, operand: Operand, kind: Kind): Expr {
  if ("between" in operand) {
    const { between } = operand;
    if (op === "eq") return cell.isNull().and(pl.lit(false));
    if (op === "ne") return cell.isNotNull();
    const lower = op === "lt" || op === "lte";
    if (between === "all above" || between === "all below")
      return (between === "all above") === lower ? cell.isNotNull() : pl.lit(false);
    return lower ? cell.ltEq(literalOf(pl, between, kind)) : cell.gt(literalOf(pl, between, kind));
  }
  const value = literalOf(pl, operand.exact, kind);
  switch (op) {
    case "eq":
      return cell.eq(value);
    case "ne":
      return cell.neq(value);
    case "lt":
      return cell.lt(value);
    case "lte":
      return cell.ltEq(value);
    case "gt":
      return cell.gt(value);
    case "gte":
      return cell.gtEq(value);
  }
}

/** A value in the unit of its column. */
export function literalOf(pl: Polars, value: bigint | number | string | boolean, kind: Kind): Expr {
  if (typeof value !== "bigint") return pl.lit(value);
  if (kind.kind === "decimal") return pl.lit(decimalText(value, kind.scale)).cast(pl.Decimal(38, kind.scale), true);
  const unsigned = kind.kind === "int" && !kind.signed;
  const integer = pl.lit(String(value)).cast(unsigned ? pl.UInt64 : pl.Int64, true);
  switch (kind.kind) {
    case "int":
      return integer.cast(engineType(pl, kind), true);
    case "date":
      return integer.cast(pl.Int32, true).cast(pl.Date);
    case "time":
      return integer.cast(pl.Time);
    case "timestamp":
      return integer.cast(pl.Datetime(kind.unit, kind.zone));
    default:
      return integer;
  }
}
