/** Options are closed at run time, too: plain JavaScript has no compiler to say that `dryrun` is none. */
import { closest } from "./closest.ts";
import { type Check, kindOfValue } from "./value-checks.ts";

/** What to say of a name that is no option, where that is known better than by its spelling. */
export type Hint = (name: string) => string | undefined;

/**
 * What is wrong with the names of some options, with the one that was probably meant; `undefined` when nothing is. `what`
 * stands before them in the message, e.g. `copy()`.
 */
export function mistakeIn(
  what: string,
  options: unknown,
  names: ReadonlySet<string>,
  hint?: Hint,
): TypeError | undefined {
  const mistake = noOptions(what, options);
  if (mistake !== undefined) return mistake;
  for (const name in options as object) if (!names.has(name)) return unknownOption(what, name, names, hint);
  return undefined;
}

/** What is wrong with the names or the values of some options. `prefix` stands before their names, e.g. `retries.`. */
export function mistakeInValues(
  what: string,
  options: unknown,
  checks: ReadonlyMap<string, Check>,
  { hint, prefix = "" }: { readonly hint?: Hint | undefined; readonly prefix?: string | undefined } = {},
): Error | undefined {
  const mistake = noOptions(prefix === "" ? what : prefix.slice(0, -1), options);
  if (mistake !== undefined) return mistake;
  const given = options as Readonly<Record<string, unknown>>;
  for (const name in given) {
    const check = checks.get(name);
    if (check === undefined) {
      return unknownOption(prefix === "" ? what : prefix.slice(0, -1), name, new Set(checks.keys()), hint);
    }
    const value = given[name];
    const wrong = value === undefined ? undefined : check(value, prefix + name, what);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function noOptions(what: string, options: unknown): TypeError | undefined {
  if (typeof options !== "object" || options === null) {
    return new TypeError(`the options of ${what} are an object, not ${options === null ? "null" : typeof options}`);
  }
  // what has no names of its own would pass as no options at all
  if (Symbol.iterator in options || options instanceof RegExp || options instanceof Date || "then" in options)
    return new TypeError(`the options of ${what} are an object, not ${kindOfValue(options)}`);
  if (options instanceof AbortSignal)
    return new TypeError(`the options of ${what} are an object, not an AbortSignal: write { signal }`);
  return undefined;
}

function unknownOption(what: string, name: string, names: ReadonlySet<string>, hint: Hint | undefined): TypeError {
  const near = closest(name, names);
  const meant = near === undefined ? `it has ${[...names].join(", ")}` : `did you mean ${near}?`;
  return new TypeError(`${what} has no option ${JSON.stringify(name)}: ${hint?.(name) ?? meant}`);
}
