/**
 * The one type that a flow's functions ask from. Each name resolves by itself, when somebody looks at it, so that the
 * universe may hold the very functions that are annotated with it: nothing here may look at what a name stands for.
 */
import type { Intersection, Out } from "./functions.ts";

declare const universe: unique symbol;
/** Marks the universe as a whole: who asks for it asks, as far as types know, for anything. */
export type UniverseMark = typeof universe;

/** Modules of a flow by name: `import * as` namespaces, or plain objects of functions. */
export type Modules = Readonly<Record<string, object>>;

/** All functions of all modules. */
export type Merge<M> = Intersection<M[keyof M]>;

/** Values of nodes by name; variants of `when` (`factor__us`) under the name that they have in common, too. */
export type Nodes<M> = { readonly [K in keyof M]: Out<M[K]> } & {
  readonly [K in keyof M & `${string}__${string}` as K extends `${infer Name}__${string}` ? Name : never]: Out<M[K]>;
};

/** Values of nodes, inputs and configuration by name. */
export type Universe<M, I> = Nodes<M> & Readonly<I>;

export type IsUniverse<D> = UniverseMark extends keyof D ? true : false;
