/** Whether a condition holds for a request, by IAM's operators ("IAM JSON policy elements: Condition operators"). */
import { parseAddressRange } from "./address-range.ts";
import type { Condition, Context } from "./policy.ts";
import { type Fill, fillIn, matchesPattern } from "./wildcard.ts";

/** Whether the request's value is what the policy's says. */
type Compare = (actual: string, expected: string, fill: Fill | undefined) => boolean;

interface Operator {
  readonly compare: Compare;
  /** Holds when no value of the policy compares – and when the request has no such key. */
  readonly negated: boolean;
  /** What the policy may say; anything when it is left out. */
  readonly accepts?: ((value: string) => boolean) | undefined;
}

const sameText: Compare = (actual, expected, fill) => actual === fillIn(expected, fill);
const sameTextIgnoringCase: Compare = (actual, expected, fill) =>
  actual.toLowerCase() === fillIn(expected, fill)?.toLowerCase();
const likeText: Compare = (actual, expected, fill) => matchesPattern(expected, actual, fill);
const inRange: Compare = (actual, expected) => parseAddressRange(expected)?.includes(actual) ?? false;

/** ARNs match part by part: a `*` of a pattern does not cross a colon, save in the last part. */
const likeArn: Compare = (actual, expected, fill) => {
  const [ours, theirs] = [arnParts(actual), arnParts(expected)];
  return ours.length === theirs.length && ours.every((part, index) => matchesPattern(theirs[index] ?? "", part, fill));
};

const operators: Readonly<Record<string, Operator>> = {
  ...bothWays("StringEquals", "StringNotEquals", sameText),
  ...bothWays("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", sameTextIgnoringCase),
  ...bothWays("StringLike", "StringNotLike", likeText),
  ...bothWays("ArnEquals", "ArnNotEquals", likeArn),
  ...bothWays("ArnLike", "ArnNotLike", likeArn),
  ...bothWays("IpAddress", "NotIpAddress", inRange, (value) => parseAddressRange(value) !== undefined),
  ...ordered("Numeric", parseNumber),
  ...ordered("Date", parseDate),
  Bool: { compare: (actual, expected) => actual === expected.toLowerCase(), negated: false, accepts: isFlag },
  BinaryEquals: { compare: (actual, expected) => actual === expected, negated: false },
  Null: { compare: () => false, negated: false, accepts: isFlag },
};

/** Whether IAM has such an operator, and S3 takes this value for it. */
export function acceptsValue(operator: string, value: string): boolean {
  return operators[operator]?.accepts?.(value) ?? true;
}

/** As they are written, without prefix and suffix. */
export function isOperator(name: string): boolean {
  return Object.hasOwn(operators, name);
}

/** `variables` says whether `${…}` is filled in. */
export function holds(condition: Condition, context: Context, variables: boolean): boolean {
  const actual = context(condition.key);
  if (condition.operator === "Null") {
    return condition.values.some((value) => (value.toLowerCase() === "true") === (actual === undefined));
  }
  const operator = operators[condition.operator];
  if (operator === undefined) return false;
  if (actual === undefined) {
    if (condition.quantifier !== undefined) return condition.quantifier === "ForAllValues" || condition.ifExists;
    return operator.negated || condition.ifExists;
  }
  const fill = variables ? (name: string) => context(name)?.[0] : undefined;
  const fits = (value: string) =>
    condition.values.some((expected) => operator.compare(value, expected, fill)) !== operator.negated;
  return condition.quantifier === "ForAllValues" ? actual.every(fits) : actual.some(fits);
}

function bothWays(
  name: string,
  negation: string,
  compare: Compare,
  accepts?: (value: string) => boolean,
): Readonly<Record<string, Operator>> {
  return { [name]: { compare, negated: false, accepts }, [negation]: { compare, negated: true, accepts } };
}

function ordered(kind: string, parse: (text: string) => number | undefined): Readonly<Record<string, Operator>> {
  const by = (test: (actual: number, expected: number) => boolean): Compare => {
    return (actual, expected, fill) => {
      const [ours, theirs] = [parse(actual), parse(fillIn(expected, fill) ?? "")];
      return ours !== undefined && theirs !== undefined && test(ours, theirs);
    };
  };
  const accepts = (value: string) => parse(value) !== undefined || value.includes("${");
  const one = (test: (actual: number, expected: number) => boolean) => ({ compare: by(test), negated: false, accepts });
  return {
    ...bothWays(
      `${kind}Equals`,
      `${kind}NotEquals`,
      by((actual, expected) => actual === expected),
      accepts,
    ),
    [`${kind}LessThan`]: one((actual, expected) => actual < expected),
    [`${kind}LessThanEquals`]: one((actual, expected) => actual <= expected),
    [`${kind}GreaterThan`]: one((actual, expected) => actual > expected),
    [`${kind}GreaterThanEquals`]: one((actual, expected) => actual >= expected),
  };
}

function parseNumber(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** In milliseconds: seconds since 1970, or a date of ISO 8601 in UTC, with or without its time. */
function parseDate(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function isFlag(value: string): boolean {
  return /^(?:true|false)$/i.test(value);
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
