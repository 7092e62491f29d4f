/**
 * Refuses faults that could never do anything: a misspelt rule must not turn a test green. TypeErrors that name the
 * wrong part and what was probably meant; nothing here is about requests.
 */
import { closest, mistakeIn } from "../error/index.ts";
import type { Fault, FaultEffect, FaultMethod } from "./fault.ts";
import { accountRoutes, bucketRoutes, objectRoutes } from "./routes.ts";
import { shown } from "./shown.ts";

const faultNames: ReadonlySet<string> = new Set(["method", "operation", "key", "after", "times", "effect"]);
const methods: readonly FaultMethod[] = ["GET", "PUT", "HEAD", "POST", "DELETE"];
const companions: ReadonlySet<string> = new Set(["code", "retryAfterSeconds"]);

type EffectName = FaultEffect extends infer E ? (E extends unknown ? keyof E : never) : never;

interface ValueRule {
  readonly isRight: (value: unknown) => boolean;
  readonly expected: string;
}

const bytes: ValueRule = { isRight: (value) => isCount(value, 0), expected: "a whole number of bytes from 0 up" };
const yes: ValueRule = { isRight: (value) => value === true, expected: "true" };
const name: ValueRule = {
  isRight: (value) => typeof value === "string" && /^\w+$/.test(value),
  expected: 'one of S3\'s codes, e.g. "SlowDown"',
};

const values: Readonly<Record<EffectName, ValueRule>> = {
  status: {
    isRight: (value) => isCount(value, 200) && Number(value) <= 599,
    expected: "an HTTP status from 200 to 599",
  },
  code: name,
  retryAfterSeconds: { isRight: (value) => isCount(value, 0), expected: "a whole number of seconds from 0 up" },
  cutAfterBytes: bytes,
  resetAfterBytes: bytes,
  loseAnswer: yes,
  stallAfterBytes: bytes,
  resetUploadAfterBytes: bytes,
  silent: yes,
  replaceWith: { isRight: (value) => value instanceof Uint8Array, expected: 'bytes, e.g. Buffer.from("text")' },
  errorInBody: name,
  contentRange: {
    isRight: (value) => typeof value === "string" && /^[\x20-\x7e]+$/.test(value),
    expected: 'the text of a header, e.g. "bytes 0-1/10"',
  },
  ignoreRange: yes,
  truncateBody: bytes,
  corruptByteAt: bytes,
};

const effectNames: ReadonlySet<string> = new Set(Object.keys(values));
/** These spoil the body of an answer, or that of a request. */
const ofAnswer: ReadonlySet<string> = new Set(
  "cutAfterBytes resetAfterBytes stallAfterBytes truncateBody corruptByteAt errorInBody".split(" "),
);

/** `what` names the fault in messages, e.g. `fault 2 of inject()`. Error: TypeError. */
export function checkFault(what: string, fault: unknown): asserts fault is Fault {
  if (typeof fault !== "object" || fault === null) throw new TypeError(`${what} is an object, not ${shown(fault)}`);
  for (const field in fault) if (!faultNames.has(field)) throw unknownField(what, field, fault);
  const { method, operation, key, after, times, effect } = fault as Readonly<Record<keyof Fault, unknown>>;
  if (method !== undefined) checkWord(`method of ${what}`, method, methods);
  const operations = operationMethods();
  if (operation !== undefined) {
    checkWord(`operation of ${what}`, operation, [...operations.keys()]);
    const used = operations.get(String(operation));
    if (method !== undefined && used !== method) {
      throw new TypeError(`${what} waits for nothing: ${String(operation)} is a ${used}, never a ${String(method)}`);
    }
  }
  if (key !== undefined && !(key instanceof RegExp)) {
    throw new TypeError(`key of ${what} is a regular expression, e.g. /^data\\//, not ${shown(key)}`);
  }
  if (after !== undefined && !isCount(after, 0)) {
    throw new TypeError(`after of ${what} is a whole number from 0 up, not ${shown(after)}`);
  }
  if (times !== undefined && times !== Number.POSITIVE_INFINITY && !isCount(times, 1)) {
    throw new TypeError(`times of ${what} is a whole number from 1 up, or Infinity, not ${shown(times)}`);
  }
  const kind = checkEffect(what, effect);
  checkUse(what, kind, typeof method === "string" ? method : operations.get(String(operation)));
}

/** Gives what the effect is. */
function checkEffect(what: string, effect: unknown): string {
  const example = "e.g. { status: 503 } or { cutAfterBytes: 10 }";
  if (effect === undefined) throw new TypeError(`${what} has no effect: say what goes wrong, ${example}`);
  if (typeof effect !== "object" || effect === null) {
    const near = typeof effect === "string" ? closest(effect, effectNames) : undefined;
    const meant = near === undefined ? example : `did you mean { ${near}: … }?`;
    throw new TypeError(`effect of ${what} is an object, not ${shown(effect)}: ${meant}`);
  }
  const mistake = mistakeIn(`effect of ${what}`, effect, effectNames);
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
    const { isRight, expected } = values[field as EffectName];
    if (value === undefined && companions.has(field)) continue;
    if (!isRight(value)) throw new TypeError(`${field} of ${what} is ${expected}, not ${shown(value)}`);
  }
  return kind;
}

/** A HEAD has no body to spoil, a GET brings none. */
function checkUse(what: string, kind: string, method: string | undefined): void {
  if (method === "HEAD" && ofAnswer.has(kind)) {
    throw new TypeError(`${what} does nothing: the answer to a HEAD has no body, so ${kind} cannot spoil it`);
  }
  if (kind === "resetUploadAfterBytes" && method !== undefined && method !== "PUT" && method !== "POST") {
    throw new TypeError(`${what} does nothing: a ${method} uploads nothing, did you mean resetAfterBytes?`);
  }
}

function unknownField(what: string, field: string, fault: object): TypeError {
  const effect = "effect" in fault ? undefined : closest(field, effectNames);
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

/** What this server offers, with the method of each. */
function operationMethods(): ReadonlyMap<string, string> {
  return new Map(
    [...accountRoutes, ...bucketRoutes, ...objectRoutes].map(({ operation, method }) => [operation.name, method]),
  );
}

function isCount(value: unknown, min: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min;
}
