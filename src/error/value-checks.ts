/** What an option's value may be, in words that name the option, the call and the value: the compiler of those who have none. */
import { redact } from "./redact.ts";

/** What is wrong with the value of an option, `undefined` when nothing is: `name` of `what`, e.g. `dryRun` of `remove()`. */
export type Check = (value: unknown, name: string, what: string) => Error | undefined;

/** TypeError `dryRun of remove() is true or false, not "true"`. */
export function wrongValue(name: string, what: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${name} of ${what} is ${expected}, not ${shownValue(value)}`);
}

/** A value as a message shows it: short, text quoted and without secrets. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") {
    const text = redact(value);
    return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol"))
    return String(value);
  return kindOfValue(value);
}

/** What kind of value it is, for messages that must not show it. */
export function kindOfValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value === "") return "an empty string";
  if (Array.isArray(value)) return "an array";
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const kind = typeof value === "object" && tag !== "Object" ? tag : typeof value;
  return `${/^[aeio]/i.test(kind) ? "an" : "a"} ${kind}`;
}

export const isFlag: Check = (value, name, what) =>
  typeof value === "boolean" ? undefined : wrongValue(name, what, "true or false", value);

export const isFunction: Check = (value, name, what) =>
  typeof value === "function" ? undefined : wrongValue(name, what, "a function", value);

export const isString: Check = (value, name, what) =>
  typeof value === "string" ? undefined : wrongValue(name, what, "a string", value);

export const isFilledString: Check = (value, name, what) =>
  typeof value === "string" && value !== "" ? undefined : wrongValue(name, what, "a string that is not empty", value);

/** Any AbortSignal, also one of another realm or of a polyfill. */
export const isSignal: Check = (value, name, what) =>
  typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value
    ? undefined
    : wrongValue(name, what, "an AbortSignal", value);

/** One of a few values; `hints` say more for what people write in their place. */
export function isOneOf(
  values: readonly (string | boolean)[],
  hints: Readonly<Record<string, string>> = {},
  Mistake: typeof TypeError | typeof RangeError = TypeError,
): Check {
  const known: ReadonlySet<unknown> = new Set(values);
  const shown = values.map((each) => (typeof each === "string" ? plain(each) : String(each)));
  const last = shown.pop();
  const expected = shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
  return (value, name, what) => {
    if (known.has(value)) return undefined;
    const key = String(value);
    const hint = Object.hasOwn(hints, key) ? `: ${hints[key]}` : "";
    const Kind = typeof value === "string" ? Mistake : TypeError;
    return new Kind(`${name} of ${what} is ${expected}, not ${shownValue(value)}${hint}`);
  };
}

/** A word as it is, what a reader could not see in quotes. */
function plain(text: string): string {
  return /^[\w:-]+$/.test(text) ? text : JSON.stringify(text);
}

/** A whole number from `least`; TypeError for no number, RangeError for another. `Infinity` where there need be no end. */
export function isCount(least: number, { orInfinity = false }: { readonly orInfinity?: boolean } = {}): Check {
  return (value, name, what) => {
    if ((Number.isSafeInteger(value) && (value as number) >= least) || (orInfinity && value === Infinity))
      return undefined;
    const mistake = wrongValue(name, what, `a whole number from ${least}`, value);
    return typeof value === "number" ? new RangeError(mistake.message) : mistake;
  };
}

/** A plain object of strings. */
export const isStrings: Check = (value, name, what) => {
  if (typeof value !== "object" || value === null || Symbol.iterator in value)
    return wrongValue(name, what, "{ name: value }", value);
  for (const [key, each] of Object.entries(value)) {
    if (typeof each !== "string") return wrongValue(`${name}.${key}`, what, "a string", each);
  }
  return undefined;
};
