/** A function without its wrappers: what is called in the end, and all that the wrappers say, from the outermost to the inmost. */
import type { CachedOptions } from "../kept.ts";
import type { Layer } from "../layer.ts";
import { type Binding, type EachMark, type Mark, markOf, type SubflowMark, type Tags } from "../mark.ts";
import type { Ask } from "../names/ask.ts";
import type { AnyFunction } from "../types/functions.ts";

export interface Unwrapped {
  /** The user's function. Of an `each` that of the items, of a field that of its source, of a sub-flow its own. */
  readonly fn: AnyFunction;
  readonly layers: readonly Layer[];
  readonly cached: CachedOptions | undefined;
  readonly isVolatile: boolean;
  readonly tags: Tags;
  readonly asks: readonly Ask[] | undefined;
  readonly asksLike: AnyFunction | undefined;
  readonly bound: Readonly<Record<string, Binding>> | undefined;
  readonly field: Mark["field"];
  readonly subflow: SubflowMark | undefined;
  readonly each: (EachMark & { readonly item: Unwrapped }) | undefined;
  /** Cases that were chosen on the way, each with its key of the configuration. */
  readonly choices: readonly string[];
  /** The first of them. */
  readonly variant: { readonly key: string; readonly chosen: string; readonly cases: readonly string[] } | undefined;
}

const none: readonly never[] = [];
const untagged: Tags = {};

/** A function without wrappers. Written out: a flow of 10,000 functions makes as many. */
function plain(fn: AnyFunction): Unwrapped {
  return {
    fn,
    layers: none,
    cached: undefined,
    isVolatile: false,
    tags: untagged,
    asks: undefined,
    asksLike: undefined,
    bound: undefined,
    field: undefined,
    subflow: undefined,
    each: undefined,
    choices: none,
    variant: undefined,
  };
}

/** Throws TypeError where the configuration chooses none of the cases, `Unchosen` where it says nothing. */
export function unwrap(fn: AnyFunction, name: string, config: Readonly<Record<string, unknown>>): Unwrapped {
  if (markOf(fn) === undefined) return plain(fn);
  const layers: Layer[] = [];
  let cached: CachedOptions | undefined;
  let isVolatile = false;
  let tags: Tags = {};
  let asks: readonly Ask[] | undefined;
  let asksLike: AnyFunction | undefined;
  let bound: Readonly<Record<string, Binding>> | undefined;
  const choices: string[] = [];
  let variant: Unwrapped["variant"];
  let current = fn;
  const end = (rest: Partial<Pick<Unwrapped, "field" | "subflow" | "each">>): Unwrapped => ({
    ...{ ...plain(current), layers, cached, isVolatile, tags, asks, asksLike, bound, choices, variant },
    ...rest,
  });
  for (let mark = markOf(current); mark !== undefined; mark = markOf(current)) {
    cached ??= mark.cached;
    isVolatile ||= mark.isVolatile === true;
    tags = { ...mark.tags, ...tags };
    asks ??= mark.asks;
    asksLike ??= mark.asksLike;
    if (mark.layer !== undefined) layers.push(mark.layer);
    if (mark.bound !== undefined) {
      if (bound !== undefined) throw new TypeError(`'${name}' is parameterized twice: bind all names at once`);
      bound = mark.bound;
    }
    if (mark.field !== undefined) return end({ field: mark.field });
    if (mark.subflow !== undefined) {
      if (cached !== undefined) throw new TypeError(`'${name}' is a sub-flow: keep results of its nodes, not its own`);
      return end({ subflow: mark.subflow });
    }
    if (mark.each !== undefined && mark.inner !== undefined) {
      const item = unwrap(mark.inner, name, config);
      current = item.fn;
      return end({ each: { ...mark.each, item } });
    }
    if (mark.choice === undefined) current = mark.inner as AnyFunction;
    else {
      const { key, cases } = mark.choice;
      const chosen = config[key] ?? mark.choice.default;
      const names = Object.keys(cases);
      if (chosen === undefined) throw new Unchosen(name, key, names);
      const next = Object.hasOwn(cases, String(chosen)) ? cases[String(chosen)] : undefined;
      if (next === undefined)
        throw new TypeError(`config '${key}' is ${JSON.stringify(chosen)}, but '${name}' has only ${names.join(", ")}`);
      choices.push(`${key}: ${String(chosen)}`);
      variant ??= { key, chosen: String(chosen), cases: names };
      current = next;
    }
  }
  return end({});
}

/** A choice of which the configuration says nothing: an error for whoever asks for that node. */
export class Unchosen extends TypeError {
  readonly cases: readonly string[];
  constructor(name: string, key: string, cases: readonly string[]) {
    super(`'${name}' is chosen by the config '${key}', which is not set: ${cases.join(", ")}`);
    this.cases = cases;
  }
}
