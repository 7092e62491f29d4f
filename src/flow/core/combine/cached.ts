/** Marks a node whose results are kept. The driver asks its store of results; a direct call runs what it is given for that. */
import type { CachedOptions } from "../kept.ts";
import { marked } from "../mark.ts";
import type { AnyFunction } from "../types/functions.ts";

/** Runs one direct call of a function whose results are kept. */
export type DirectCall = (fn: AnyFunction, options: CachedOptions, given: readonly unknown[]) => unknown;

/** The same function, kept as `options` say. */
export function markCached<F extends AnyFunction>(fn: F, options: CachedOptions, direct: DirectCall): F {
  const wrapper = (...given: readonly unknown[]) => direct(fn, options, given);
  return marked(wrapper as unknown as F, { inner: fn, cached: options });
}

/** The same function with results that are kept where a driver has a store for them; called directly it just runs. */
export function cached<F extends AnyFunction>(fn: F, options: CachedOptions = {}): F {
  return markCached(fn, options, (inner, _options, given) =>
    (inner as unknown as (...given: readonly unknown[]) => unknown)(...given),
  );
}
