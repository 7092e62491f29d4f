/** Options are closed at run time, too: plain JavaScript has no compiler to say that `dryrun` is none. */
import { closest } from "./closest.ts";

/**
 * What is wrong with the names of some options, with the one that was probably meant; `undefined` when nothing is. `what`
 * stands before them in the message, e.g. `copy()`.
 */
export function mistakeIn(what: string, options: unknown, names: ReadonlySet<string>): TypeError | undefined {
  if (typeof options !== "object" || options === null) {
    return new TypeError(`the options of ${what} are an object, not ${options === null ? "null" : typeof options}`);
  }
  for (const name in options) if (!names.has(name)) return unknownOption(what, name, names);
  return undefined;
}

function unknownOption(what: string, name: string, names: ReadonlySet<string>): TypeError {
  const near = closest(name, names);
  const meant = near === undefined ? `it has ${[...names].join(", ")}` : `did you mean ${near}?`;
  return new TypeError(`${what} has no option ${JSON.stringify(name)}: ${meant}`);
}
