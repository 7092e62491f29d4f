/**
 * Arguments → values and operands. Strict: an unknown option is an error with a suggestion, and nothing that looks
 * like an option is ever taken for an address unless it stands after `--`.
 */

import { closest } from "../error/index.ts";
import { equivalentOf } from "./equivalents.ts";
import { type Option, type Options, shownOptions, type ValuesOf } from "./option.ts";
import { UsageError } from "./usage-error.ts";

export interface Parsed<S extends Options> {
  readonly values: ValuesOf<S>;
  /** What is neither an option nor the value of one, in order. A lone `-` is one of them. */
  readonly operands: readonly string[];
}

/**
 * `--name value`, `--name=value`, `-n value`, `-nvalue`, bundles such as `-lr`, and `--`, after which everything is an
 * operand. UsageError for anything else that begins with `-`.
 */
export function parseArguments<S extends Options>(args: readonly string[], options: S): Parsed<S> {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) values[name] = option.takes === "nothing" ? false : undefined;
  const operands: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") operands.push(arg);
    else if (arg.startsWith("--")) index += readLong(arg, args[index + 1], options, values);
    else index += readShort(arg, args[index + 1], options, values);
  }
  return { values: values as ValuesOf<S>, operands };
}

/** Where the first operand stands: the command, when `options` are those that may stand before it. */
export function findCommand(args: readonly string[], options: Options): number {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") return -1;
    if (!arg.startsWith("-") || arg === "-") return index;
    const option = arg.startsWith("--")
      ? longOption(arg.slice(2), options)?.[1]
      : shortOption(arg.slice(-1), options)?.[1];
    if (option?.takes === "value") index++;
  }
  return -1;
}

/** How many more arguments were used. */
function readLong(arg: string, next: string | undefined, options: Options, values: Record<string, unknown>): 0 | 1 {
  const equals = arg.indexOf("=");
  const given = arg.slice(2, equals === -1 ? undefined : equals);
  const found = longOption(given, options);
  if (found === undefined) throw unknownOption(`--${given}`, options);
  const [name, option] = found;
  if (option.takes === "nothing") {
    if (equals !== -1) throw new UsageError(`--${given} takes no value`, `write --${given} alone`);
    values[name] = true;
    return 0;
  }
  const text = equals === -1 ? valueAfter(`--${given}`, next, option) : arg.slice(equals + 1);
  values[name] = gathered(values[name], convert(`--${given}`, text, option), option);
  return equals === -1 ? 1 : 0;
}

function readShort(arg: string, next: string | undefined, options: Options, values: Record<string, unknown>): 0 | 1 {
  // as find(1) writes them; no bundle of ours is such a word
  if (arg.length > 2 && equivalentOf(arg, options) !== undefined) throw unknownOption(arg, options);
  for (let at = 1; at < arg.length; at++) {
    const letter = arg[at] ?? "";
    const found = shortOption(letter, options);
    if (found === undefined) throw unknownOption(`-${letter}`, options);
    const [name, option] = found;
    if (option.takes === "nothing") {
      values[name] = true;
      continue;
    }
    const rest = arg.slice(at + 1);
    const value = convert(`-${letter}`, rest === "" ? valueAfter(`-${letter}`, next, option) : rest, option);
    values[name] = gathered(values[name], value, option);
    return rest === "" ? 1 : 0;
  }
  return 0;
}

/** By its name, or by another one of it. */
function longOption(name: string, options: Options): readonly [string, Option] | undefined {
  const own = Object.hasOwn(options, name) ? options[name] : undefined;
  if (own !== undefined) return [name, own];
  return Object.entries(options).find(([, { also }]) => also?.includes(name) === true);
}

function shortOption(letter: string, options: Options): readonly [string, Option] | undefined {
  return Object.entries(options).find(([, { short }]) => short === letter);
}

function valueAfter(shown: string, next: string | undefined, option: Option & { takes: "value" }): string {
  if (next !== undefined && (next === "-" || !next.startsWith("-"))) return next;
  // -1 is no letter of an option: what is wrong with it is said by who would take it
  if (next !== undefined && /^-\d+$/.test(next)) convert(shown, next, option);
  const hint = shown.startsWith("--") && next !== undefined ? `; if the value is ${next}, write ${shown}=${next}` : "";
  throw new UsageError(`${shown} needs a value`, `write ${shown} ${option.placeholder}${hint}`);
}

function convert(shown: string, given: string, option: Option & { takes: "value" }): unknown {
  try {
    return option.parse(given);
  } catch (error) {
    throw new UsageError(`${shown} ${given}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function gathered(before: unknown, value: unknown, { gathers }: Option & { takes: "value" }): unknown {
  return gathers === true && before !== undefined ? [...(before as unknown[]), ...(value as unknown[])] : value;
}

function unknownOption(shown: string, options: Options): UsageError {
  const isLong = shown.startsWith("--");
  const known = equivalentOf(shown, options);
  if (known !== undefined) return new UsageError(`unknown option ${shown}`, known);
  const names = Object.keys(shownOptions(options));
  const near = isLong ? closest(shown.slice(2), names) : otherCase(shown.slice(1), options);
  const dashes = "everything after -- is an address, whatever it begins with";
  return new UsageError(
    `unknown option ${shown}`,
    near === undefined ? dashes : `did you mean ${isLong ? "--" : "-"}${near}?`,
  );
}

/** `-R` for `-r`, as in other tools. */
function otherCase(letter: string, options: Options): string | undefined {
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  return shortOption(other, options) === undefined ? undefined : other;
}
