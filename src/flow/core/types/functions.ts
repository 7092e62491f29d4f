/** What is known of a node by its function alone: what it gives and what it asks for. */

/** Any function at all. */
export type AnyFunction = (...args: never[]) => unknown;

export type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** `A | B` as `A & B`. */
export type Intersection<U> = (U extends unknown ? (part: U) => void : never) extends (part: infer I) => void
  ? I
  : never;

/** The value that a node gives to those who ask for it; an exported constant is a node, too. */
export type Out<F> = F extends (...args: never) => infer R ? Awaited<R> : F;

/** What a function asks for, by name. */
export type DepsOf<F> = F extends (deps: infer D, ...rest: never) => unknown ? (unknown extends D ? {} : D) : {};
