/**
 * What is asked of many files, as it is asked of one of them: a column that this one lacks is missing in all of its rows, and one
 * that its address says is the same in all of them. Pure.
 */
import type { Question } from "../read/question.ts";
import type { Kind } from "../values/kind.ts";
import type { Condition, Operator } from "./condition.ts";
import { operandOf } from "./operand.ts";
import type { Scalar } from "./where.ts";

/** A column that has the same value in all rows; numbers in the unit of the column. */
export interface Constant {
  readonly kind: Kind;
  readonly value: bigint | string | boolean | null;
}

const always: Condition = { op: "and", parts: [] };
const never: Condition = { op: "or", parts: [] };

export function isNever(condition: Condition | undefined): boolean {
  return condition?.op === "or" && condition.parts.length === 0;
}

/** The condition without the tests of these columns, which are decided. `constantOf` gives `undefined` for all others. */
export function decided(condition: Condition, constantOf: (column: string) => Constant | undefined): Condition {
  if (!("parts" in condition)) {
    const constant = constantOf(condition.column);
    return constant === undefined ? condition : passes(condition, constant) ? always : never;
  }
  const { op } = condition;
  const parts = condition.parts.map((part) => decided(part, constantOf));
  const [decisive, neutral] = op === "and" ? [never, always] : [always, never];
  if (parts.includes(decisive)) return decisive;
  const open = parts.filter((part) => part !== neutral);
  const [only] = open;
  if (only === undefined) return neutral;
  return open.length === 1 ? only : { op, parts: open };
}

/** For a file with these columns, where `isPartial` says that it may lack some of those that are asked for. */
export function fitted(question: Question, names: readonly string[]): Question {
  if (question.isPartial !== true) return question;
  const lacking = (column: string): Constant | undefined =>
    names.includes(column) ? undefined : { kind: { kind: "null" }, value: null };
  const chosen = question.columns?.filter((name) => names.includes(name));
  return {
    ...question,
    isPartial: false,
    // one column tells how many rows there are
    columns: chosen === undefined || chosen.length > 0 ? chosen : names.slice(0, 1),
    types: question.types === undefined ? undefined : fittedTypes(question.types, names, question),
    condition: question.condition === undefined ? undefined : decided(question.condition, lacking),
  };
}

/** Types of columns that are there, where others may be lacking. */
export function fittedTypes(
  types: NonNullable<Question["types"]>,
  names: readonly string[],
  { isPartial }: Question,
): NonNullable<Question["types"]> {
  if (isPartial !== true) return types;
  return Object.fromEntries(Object.entries(types).filter(([name]) => names.includes(name)));
}

function passes(test: Exclude<Condition, { parts: unknown }>, { kind, value }: Constant): boolean {
  if (!("value" in test) && !("values" in test)) return (value === null) === (test.op === "null");
  if (value === null) return false;
  if ("values" in test) return test.values.some((each) => compares(test.column, "eq", each, kind, value));
  return compares(test.column, test.op, test.value, kind, value);
}

function compares(column: string, op: Operator, given: Scalar, kind: Kind, value: bigint | string | boolean): boolean {
  const operand = operandOf(given, kind, column);
  if ("between" in operand) {
    const { between } = operand;
    const above = between === "all above" || (between !== "all below" && (value as bigint) <= between);
    return op === "ne" || (above ? op === "lt" || op === "lte" : op === "gt" || op === "gte");
  }
  const order = orderOf(value, operand.exact as bigint | string | boolean);
  return { eq: order === 0, ne: order !== 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[op];
}

function orderOf(a: bigint | string | boolean, b: bigint | string | boolean): number {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
