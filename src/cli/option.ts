/**
 * Options as values: what a flag is called, what it takes and how its text becomes a value. The types of a command's
 * settings follow from its options.
 */

/** How else it may be written, and whether it is told of. */
interface Spelling {
  /** Other names of it, accepted without being told of, e.g. `["max-depth"]`. */
  readonly also?: readonly string[] | undefined;
  /** Accepted, but neither in help nor in completion: another option of the command is the one to learn. */
  readonly hidden?: true | undefined;
}

/** Given or not. */
export interface Flag extends Spelling {
  readonly takes: "nothing";
  /** One letter, e.g. `"l"` for `-l`. */
  readonly short?: string | undefined;
  readonly summary: string;
}

/** Takes one value; when it is given twice, the last one counts, unless `gathers`. */
export interface ValueOption<T> extends Spelling {
  readonly takes: "value";
  /** May be given again: its values are lists, which become one. */
  readonly gathers?: true | undefined;
  readonly short?: string | undefined;
  /** How help names the value, e.g. `"SIZE"`. */
  readonly placeholder: string;
  readonly summary: string;
  /** All that it may be, where these are a few words. */
  readonly words?: readonly string[] | undefined;
  /** Throws an error whose message says what is expected. */
  readonly parse: (text: string) => T;
}

export type Option = Flag | ValueOption<unknown>;
export type Options = Readonly<Record<string, Option>>;

/** What parsing gives: a flag is true or false, a value is there or not. */
export type ValuesOf<S extends Options> = {
  readonly [K in keyof S]: S[K] extends ValueOption<infer T> ? T | undefined : boolean;
};

/** A flag, e.g. `flag("long format", "l")`. */
export function flag(summary: string, short?: string): Flag {
  return { takes: "nothing", summary, short };
}

/** An option that takes any text, e.g. a profile's name. */
export function text(placeholder: string, summary: string, short?: string): ValueOption<string> {
  return { takes: "value", placeholder, summary, short, parse: (given) => given };
}

/** An option that takes any text, as often as it is given. */
export function texts(placeholder: string, summary: string): ValueOption<readonly string[]> {
  return { ...parsed(placeholder, summary, (given): readonly string[] => [given]), gathers: true };
}

/** An option that takes a whole number from `min` (default 0) up to 2⁵³ − 1. */
export function count(placeholder: string, summary: string, short?: string, min = 0): ValueOption<number> {
  return parsed(
    placeholder,
    summary,
    (given) => {
      const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      if (!Number.isSafeInteger(value) || value < min) throw new RangeError(`expected a whole number from ${min} up`);
      return value;
    },
    short,
  );
}

/** An option that takes one of a few words. */
export function choice<const W extends string>(words: readonly W[], summary: string, short?: string): ValueOption<W> {
  const parse = (given: string) => {
    const word = words.find((candidate) => candidate === given);
    if (word === undefined) throw new RangeError(`expected ${words.join(" or ")}`);
    return word;
  };
  return { ...parsed(words.join("|"), summary, parse, short), words };
}

/** Those that are told of. */
export function shownOptions(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, { hidden }]) => hidden !== true));
}

/** An option whose text `parse` turns into a value. */
export function parsed<T>(
  placeholder: string,
  summary: string,
  parse: (text: string) => T,
  short?: string,
): ValueOption<T> {
  return { takes: "value", placeholder, summary, short, parse };
}
