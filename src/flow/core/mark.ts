/**
 * What the combinators leave on a function: `cached(retry(fn))` is a function like `fn`, and each wrapper bears one mark that
 * says what it adds and what it wraps. The driver reads marks; a direct call just runs.
 */

import type { CachedOptions } from "./kept.ts";
import type { Layer } from "./layer.ts";
import type { Ask } from "./names/ask.ts";
import type { AnyFunction } from "./types/functions.ts";
import type { Modules } from "./types/universe.ts";

/** Shared by all copies of the package that a program holds. */
export const flowMark: unique symbol = Symbol.for("entrepot.flow.mark") as never;

export type Tags = Readonly<Record<string, string | readonly string[]>>;

/** A value of `parameterize`: what is given, or the node that is asked instead. */
export type Binding = { readonly value: unknown } | { readonly source: string };

export interface Mark {
  /** What is wrapped. */
  readonly inner?: AnyFunction | undefined;
  /** Names said by hand. */
  readonly asks?: readonly Ask[] | undefined;
  /** Whose first parameter says what is asked for, besides `asks`, where it is not what is called. */
  readonly asksLike?: AnyFunction | undefined;
  /** What happens around each run. */
  readonly layer?: Layer | undefined;
  readonly cached?: CachedOptions | undefined;
  readonly isVolatile?: true | undefined;
  readonly tags?: Tags | undefined;
  readonly choice?: ChoiceMark | undefined;
  /** Configuration that it is for; `"otherwise"` where none of the others is. */
  readonly condition?: Readonly<Record<string, unknown>> | "otherwise" | undefined;
  /** One field or column of what another node gives. */
  readonly field?: { readonly source: AnyFunction; readonly name: string } | undefined;
  readonly bound?: Readonly<Record<string, Binding>> | undefined;
  readonly each?: EachMark | undefined;
  readonly subflow?: SubflowMark | undefined;
}

export interface ChoiceMark {
  readonly key: string;
  readonly cases: Readonly<Record<string, AnyFunction>>;
  readonly default: string | undefined;
}

export interface EachMark {
  /** Name of the node that gives the items. */
  readonly over: string;
  /** Name under which the item is asked for; without one it is the first argument. */
  readonly as: string | undefined;
  /** Items at a time. */
  readonly limit: number;
}

export interface SubflowMark {
  readonly flow: { readonly modules: Modules };
  readonly outputs: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  /** Name of the outer node for an inner input, where they differ. */
  readonly inputs: Readonly<Record<string, string>>;
}

export function markOf(value: unknown): Mark | undefined {
  return typeof value === "function" ? (value as { readonly [flowMark]?: Mark })[flowMark] : undefined;
}

/** Puts a mark on a function made for the purpose, which is given the name of what it stands for. */
export function marked<F extends AnyFunction>(
  wrapper: F,
  mark: Mark,
  name: string = mark.inner?.name ?? wrapper.name,
): F {
  return Object.defineProperties(wrapper, { [flowMark]: { value: mark }, name: { value: name, configurable: true } });
}
