/** What the decorators are given, checked when they are made: plain JavaScript has no compiler to say that no store came first. */
import { type Check, isCount, isFunction, kindOfValue, mistakeInValues, wrongValue } from "../../error/index.ts";

/** TypeError for a first argument that is no store. */
export function checkStore(what: string, store: unknown): void {
  const methods = typeof store === "object" && store !== null ? (store as Readonly<Record<string, unknown>>) : {};
  if (["read", "write", "stat", "list"].every((name) => typeof methods[name] === "function")) return;
  throw new TypeError(`the first argument of ${what} is a store, not ${kindOfValue(store)}`);
}

/** TypeError for options that there are none of; TypeError or RangeError for values that they cannot have. */
export function checkOptions(what: string, options: unknown, checks: ReadonlyMap<string, Check>): void {
  const mistake = mistakeInValues(what, options, checks);
  if (mistake !== undefined) throw mistake;
}

const clock: Check = (value, name, what) =>
  typeof (value as { readonly now?: unknown } | null)?.now === "function"
    ? undefined
    : wrongValue(name, what, "a clock", value);

const isRate: Check = (value, name, what) => {
  if (Number.isFinite(value) && (value as number) > 0) return undefined;
  const mistake = wrongValue(name, what, "a number above 0", value);
  return typeof value === "number" ? new RangeError(mistake.message) : mistake;
};

const isSpan: Check = (value, name, what) => {
  if (typeof value === "number" && value >= 0) return undefined;
  const mistake = wrongValue(name, what, "milliseconds, 0 or more", value);
  return typeof value === "number" ? new RangeError(mistake.message) : mistake;
};

export const limitChecks: ReadonlyMap<string, Check> = new Map([
  ["concurrency", isCount(1, { orInfinity: true })],
  ["requestsPerSecond", isRate],
  ["bytesPerSecond", isRate],
  ["clock", clock],
]);
export const faultChecks: ReadonlyMap<string, Check> = new Map([
  ["before", isFunction],
  ["after", isFunction],
]);
export const traceChecks: ReadonlyMap<string, Check> = new Map([["clock", clock]]);
export const retryChecks: ReadonlyMap<string, Check> = new Map([
  ["clock", clock],
  ["onRetry", isFunction],
]);
const policyChecks: ReadonlyMap<string, Check> = new Map([
  ["attempts", isCount(1, { orInfinity: true })],
  ["budgetMs", isSpan],
  ["baseDelayMs", isSpan],
  ["maxDelayMs", isSpan],
]);

/** A policy has all four of its numbers: a delay of NaN is none. */
export function checkPolicy(what: string, policy: unknown): void {
  checkOptions(what, policy, policyChecks);
  const given = policy as Readonly<Record<string, unknown>>;
  const missing = [...policyChecks.keys()].filter((name) => given[name] === undefined);
  if (missing.length > 0)
    throw new TypeError(
      `the policy of ${what} lacks ${missing.join(", ")}: write { ...defaultRetryPolicy, attempts: 3 }`,
    );
}
