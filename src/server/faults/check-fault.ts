/**
 * Refuses faults that could never do anything: a misspelt rule must not turn a test green. TypeErrors that name the
 * wrong part and what was probably meant; nothing here is about requests.
 */
import { closest, mistakeIn } from "../../error/index.ts";
import { isHeaderName } from "../request/header-text.ts";
import { operationNames, type RequestKind, requestKinds, requestMethods } from "../request-kinds.ts";
import { shown } from "../shown.ts";
import { companions, effectNameOf, effectNames, isAboutConnections, suits, unsuited } from "./effect-uses.ts";
import { effectValues, errorCode, isCount } from "./effect-values.ts";
import type { EffectName, Fault, FaultEffect } from "./fault.ts";
import { type TextTest, textTest } from "./glob.ts";

const faultNames: ReadonlySet<string> = new Set([
  ...["method", "operation", "bucket", "key", "query", "header", "after", "times", "probability", "forMs", "until"],
  "effect",
]);

const fields = new Set([...effectNames, ...companions]);

/** `what` names the fault in messages, e.g. `fault 2 of inject()`. Error: TypeError. */
export function checkFault(what: string, fault: unknown): asserts fault is Fault {
  if (typeof fault !== "object" || fault === null) throw new TypeError(`${what} is an object, not ${shown(fault)}`);
  for (const field in fault) if (!faultNames.has(field)) throw unknownField(what, field, fault);
  const { method, operation, effect } = fault as Readonly<Record<keyof Fault, unknown>>;
  if (method !== undefined) checkWord(`method of ${what}`, method, requestMethods);
  if (operation !== undefined) checkWord(`operation of ${what}`, operation, [...operationNames()]);
  checkScope(what, fault);
  checkEffect(what, effect);
  checkReach(what, fault as Fault, requestKinds());
}

function checkScope(what: string, fault: object): void {
  const { bucket, key, query, header, after, times, probability, forMs, until } = fault as Readonly<
    Record<keyof Fault, unknown>
  >;
  if (bucket !== undefined) checkPattern(`bucket of ${what}`, bucket, "photos");
  if (key !== undefined) checkPattern(`key of ${what}`, key, "data/**");
  for (const [name, wanted] of [
    ["query", query],
    ["header", header],
  ] as const) {
    if (wanted === undefined) continue;
    if (typeof wanted !== "object" || wanted === null || wanted instanceof RegExp || Array.isArray(wanted)) {
      throw new TypeError(`${name} of ${what} is an object, e.g. { prefix: "data/**" }, not ${shown(wanted)}`);
    }
    for (const [field, pattern] of Object.entries(wanted)) {
      if (name === "header" && !isHeaderName(field.toLowerCase())) {
        throw new TypeError(`${what} waits for nothing: no header is called ${JSON.stringify(field)}`);
      }
      if (pattern !== true) checkPattern(`${name} ${JSON.stringify(field)} of ${what}`, pattern, "data/**");
    }
  }
  if (after !== undefined && !isCount(after, 0)) {
    throw new TypeError(`after of ${what} is a whole number from 0 up, not ${shown(after)}`);
  }
  if (times !== undefined && times !== Number.POSITIVE_INFINITY && !isCount(times, 1)) {
    throw new TypeError(`times of ${what} is a whole number from 1 up, or Infinity, not ${shown(times)}`);
  }
  if (probability !== undefined && !(typeof probability === "number" && probability > 0 && probability <= 1)) {
    throw new TypeError(`probability of ${what} is a number above 0 and at most 1, not ${shown(probability)}`);
  }
  if (forMs !== undefined && !(typeof forMs === "number" && Number.isFinite(forMs) && forMs > 0)) {
    throw new TypeError(`forMs of ${what} is a number of milliseconds above 0, not ${shown(forMs)}`);
  }
  if (until !== undefined && typeof until !== "function") {
    throw new TypeError(`until of ${what} is a function of the request, not ${shown(until)}`);
  }
}

function checkPattern(what: string, pattern: unknown, example: string): void {
  if (typeof pattern === "string") {
    try {
      textTest(pattern);
    } catch (error) {
      throw new TypeError(`${what}: ${error instanceof Error ? error.message : "no glob"}`);
    }
  } else if (!(pattern instanceof RegExp)) {
    const expected = `a glob, e.g. ${JSON.stringify(example)}, or a regular expression, e.g. /^data\\//`;
    throw new TypeError(`${what} is ${expected}, not ${shown(pattern)}`);
  }
}

function checkEffect(what: string, effect: unknown): asserts effect is FaultEffect {
  const example = "e.g. { status: 503 } or { cutAfterBytes: 10 }";
  if (effect === undefined) throw new TypeError(`${what} has no effect: say what goes wrong, ${example}`);
  if (typeof effect !== "object" || effect === null) {
    const near = typeof effect === "string" ? closest(effect, effectNames) : undefined;
    const meant = near === undefined ? example : `did you mean { ${near}: … }?`;
    throw new TypeError(`effect of ${what} is an object, not ${shown(effect)}: ${meant}`);
  }
  const mistake = mistakeIn(`effect of ${what}`, effect, fields);
  if (mistake !== undefined) throw mistake;
  const given = Object.keys(effect);
  const kinds = given.filter((field) => !companions.has(field));
  const [kind] = kinds;
  if (kind === undefined) {
    const left = given.length === 0 ? "is empty" : `has ${given.join(" and ")} without a status`;
    throw new TypeError(`effect of ${what} ${left}: say what goes wrong, ${example}`);
  }
  if (kinds.length > 1) {
    throw new TypeError(`effect of ${what} is one thing, not ${kinds.join(" and ")}: inject two faults`);
  }
  const stray = given.find((field) => companions.has(field) && kind !== "status");
  if (stray !== undefined) throw new TypeError(`effect of ${what}: ${stray} goes with status, not with ${kind}`);
  for (const [field, value] of Object.entries(effect)) {
    if (value === undefined && companions.has(field)) continue;
    const { isRight, expected } = ruleOf(field);
    if (!isRight(value)) throw new TypeError(`${field} of ${what} is ${expected}, not ${shown(value)}`);
  }
}

function ruleOf(field: string): { readonly isRight: (value: unknown) => boolean; readonly expected: string } {
  if (field === "code") return errorCode;
  if (field === "carriedOut") return { isRight: (value) => value === true, expected: "true" };
  if (field !== "retryAfterSeconds") return effectValues[field as EffectName];
  return { isRight: (value) => isCount(value, 0), expected: "a whole number of seconds from 0 up" };
}

/** Whether there is any request that it waits for, and one that it can spoil. */
function checkReach(what: string, fault: Fault, all: readonly RequestKind[]): void {
  const { method, operation, bucket, key, query, header } = fault;
  const effect = effectNameOf(fault.effect);
  if (isAboutConnections(effect)) {
    const scope = Object.entries({ method, operation, bucket, key, query, header, until: fault.until });
    const stray = scope.find(([, value]) => value !== undefined)?.[0];
    if (stray === undefined) return;
    throw new TypeError(`${what} is about connections, which have no ${stray} yet: leave it out`);
  }
  const named = all.filter((kind) => operation === undefined || kind.operation === operation);
  const called = named.filter((kind) => method === undefined || kind.method === method);
  if (called.length === 0) {
    const used = named[0]?.method;
    throw new TypeError(`${what} waits for nothing: ${operation} is a ${used}, never a ${method}`);
  }
  const [isBucket, isKey] = [bucket, key].map((one): TextTest => (one === undefined ? () => true : textTest(one)));
  const placed = called.filter(
    ({ about }) =>
      (about === "object" ? key !== "" : isKey?.("") === true) &&
      (about === "account" ? isBucket?.("") === true : bucket !== ""),
  );
  if (placed.length === 0) {
    const about = called[0]?.about ?? "bucket";
    const hint =
      about === "object" ? "is about an object, whose key is not empty" : `is about the ${about}, and its key is ""`;
    throw new TypeError(`${what} waits for nothing: ${operation ?? method} ${hint}`);
  }
  if (!placed.some((kind) => suits(effect, kind))) {
    throw new TypeError(`${what} does nothing: ${unsuited(effect, placed[0])}`);
  }
}

function unknownField(what: string, field: string, fault: object): TypeError {
  const effect = "effect" in fault ? undefined : closest(field, fields);
  if (effect !== undefined && closest(field, faultNames) === undefined) {
    return new TypeError(`${what} has no option ${JSON.stringify(field)}: did you mean effect: { ${effect}: … }?`);
  }
  return mistakeIn(what, { [field]: true }, faultNames) ?? new TypeError(`${what} has no option ${field}`);
}

function checkWord(what: string, given: unknown, words: readonly string[]): void {
  if (typeof given === "string" && words.includes(given)) return;
  const near = typeof given === "string" ? closest(given, words) : undefined;
  const meant = near === undefined ? `one of ${words.join(", ")}` : `did you mean ${JSON.stringify(near)}?`;
  throw new TypeError(`${what} cannot be ${shown(given)}: ${meant}`);
}
