/** One node, several functions: configuration chooses before anything runs. */
import { marked } from "../mark.ts";
import type { Choice, Conditional } from "../types/config.ts";
import type { AnyFunction } from "../types/functions.ts";
import { passing } from "./passing.ts";

/**
 * A node whose function is `cases[config[key]]`. The compiler wants `key` in the configuration of the driver unless there is a
 * `default`, and knows the type of the chosen case.
 */
export function choose<
  const K extends string,
  C extends Readonly<Record<string, AnyFunction>>,
  const D extends keyof C & string = never,
>(key: K, cases: C, options: { readonly default?: D | undefined } = {}): Choice<K, C, D> {
  const names = Object.keys(cases);
  if (options.default !== undefined && !Object.hasOwn(cases, options.default))
    throw new TypeError(`the default of choose("${key}") is none of its cases: ${names.join(", ")}`);
  const unchosen = () => {
    throw new TypeError(`only a driver knows which of ${names.join(", ")} is meant: its configuration says '${key}'`);
  };
  return marked(unchosen, { choice: { key, cases, default: options.default } }, key) as unknown as Choice<K, C, D>;
}

/**
 * A function that is its node where the configuration has these values. Variants of `factor` are exports called `factor__us`,
 * `factor__uk` …; exactly one of them may fit, `otherwise` where none of the others does.
 */
export function when<const W extends Readonly<Record<string, string | number | boolean>>, F extends AnyFunction>(
  config: W,
  fn: F,
): Conditional<F, W> {
  return marked(passing(fn), { inner: fn, condition: config });
}

/** The variant for every configuration that none of the others is for: `export const factor__else = otherwise(fn)`. */
export function otherwise<F extends AnyFunction>(fn: F): F {
  return marked(passing(fn), { inner: fn, condition: "otherwise" });
}
