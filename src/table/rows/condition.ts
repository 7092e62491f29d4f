/** `where` once it is checked: tests of single columns, joined. Pure. */
import { kindOfValue, shownValue } from "../../error/index.ts";
import type { Scalar } from "./where.ts";

export type Operator = "eq" | "ne" | "lt" | "lte" | "gt" | "gte";
export type Condition =
  | { readonly op: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly op: Operator; readonly column: string; readonly value: Scalar }
  | { readonly op: "in"; readonly column: string; readonly values: readonly Scalar[] }
  | { readonly op: "null" | "not-null"; readonly column: string };

const operators: ReadonlySet<string> = new Set(["eq", "ne", "lt", "lte", "gt", "gte", "in"]);

/** TypeError for what is no condition. */
export function conditionOf(where: unknown): Condition | undefined {
  if (where === undefined) return undefined;
  if (!isPlain(where)) throw new TypeError(`where is { column: value }, not ${kindOfValue(where)}`);
  const names = Object.keys(where);
  const [only] = names;
  if (names.length === 1 && (only === "and" || only === "or") && Array.isArray(where[only])) {
    const parts = (where[only] as unknown[]).flatMap((part) => conditionOf(part) ?? []);
    return { op: only, parts };
  }
  const parts = names.flatMap((column) => testsOf(column, where[column]));
  return parts.length === 1 ? parts[0] : { op: "and", parts };
}

/** The columns that it looks at. */
export function columnsOfCondition(condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return [];
  if (!("parts" in condition)) return [condition.column];
  return [...new Set(condition.parts.flatMap(columnsOfCondition))];
}

function testsOf(column: string, test: unknown): Condition[] {
  if (test === undefined) return [];
  if (test === null) return [{ op: "null", column }];
  if (isScalar(test)) return [{ op: "eq", column, value: checked(column, test) }];
  if (!isPlain(test))
    throw new TypeError(`where.${column} is a value or { eq, ne, lt, lte, gt, gte, in }, not ${kindOfValue(test)}`);
  return Object.entries(test).flatMap(([op, value]) => testOf(column, op, value));
}

function testOf(column: string, op: string, value: unknown): Condition[] {
  if (!operators.has(op))
    throw new TypeError(`where.${column} has no test ${shownValue(op)}: ${[...operators].join(", ")}`);
  if (value === undefined) return [];
  if (op === "in") return [memberTest(column, value)];
  if (value === null && op === "eq") return [{ op: "null", column }];
  if (value === null && op === "ne") return [{ op: "not-null", column }];
  if (!isScalar(value)) throw new TypeError(`where.${column}.${op} is a single value, not ${kindOfValue(value)}`);
  return [{ op: op as Operator, column, value: checked(column, value) }];
}

function memberTest(column: string, value: unknown): Condition {
  if (!Array.isArray(value)) throw new TypeError(`where.${column}.in is an array of values, not ${kindOfValue(value)}`);
  const given: readonly unknown[] = value;
  const scalars = given.filter((each) => each !== null);
  const wrong = scalars.find((each) => !isScalar(each));
  if (wrong !== undefined) throw new TypeError(`where.${column}.in holds ${kindOfValue(wrong)}`);
  const members: Condition = { op: "in", column, values: scalars.map((each) => checked(column, each as Scalar)) };
  return scalars.length === given.length ? members : { op: "or", parts: [members, { op: "null", column }] };
}

function checked(column: string, value: Scalar): Scalar {
  if (value instanceof Date && Number.isNaN(value.getTime()))
    throw new TypeError(`where.${column} holds an invalid date`);
  if (typeof value === "number" && Number.isNaN(value))
    throw new TypeError(`where.${column} holds NaN, which no comparison passes`);
  return value;
}

function isScalar(value: unknown): value is Scalar {
  return value instanceof Date || ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
