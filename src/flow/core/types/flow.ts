/** What a flow is to the compiler: its modules, what comes from outside, and what its configuration says. */
import type { Simplify } from "./functions.ts";
import type { SchemaOutput, StandardSchema } from "./schema.ts";
import type { Merge, Modules, Universe, UniverseMark } from "./universe.ts";

/** Named schemas, one for each input. */
export type Schemas = Readonly<Record<string, StandardSchema>>;

/** A dataflow that is defined and not yet bound to a configuration. Nothing is checked before `driver()`. */
export interface Flow<M extends Modules = Modules, I extends object = object, C extends object = object> {
  readonly modules: M;
  /** Says what comes from outside, as a type. */
  inputs<Declared extends object>(): Flow<M, Declared, C>;
  /** Says what comes from outside by a Standard Schema of an object: values are checked when they are given, too. */
  inputs<S extends StandardSchema<unknown, object>>(schema: S): Flow<M, SchemaOutput<S>, C>;
  /** One Standard Schema for each input. */
  inputs<S extends Schemas>(schemas: S): Flow<M, { [K in keyof S]: SchemaOutput<S[K]> }, C>;
  /** Says which keys of the configuration nodes may ask for; those of `choose` are known without. */
  config<Declared extends object>(): Flow<M, I, Declared>;
  /** The same flow with other modules in the place of some, which have the same nodes: modules as interfaces. */
  with<const R extends { [K in keyof M]?: Implements<M[K]> }>(
    replacements: R & { readonly [K in Exclude<keyof R, keyof M>]: never },
  ): Flow<Simplify<Omit<M, keyof R> & R>, I, C>;
  /** Never there: carries the types. */
  readonly typed?: { readonly inputs: I; readonly config: C } | undefined;
}

/** A module that can stand in for `M`: the same names, values that fit. It may ask for other things. */
export type Implements<M> = {
  readonly [K in keyof M]: M[K] extends (...args: never) => infer R
    ? (...args: never[]) => Awaited<R> | Promise<Awaited<R>>
    : M[K];
};

/** Everything that a node of the flow may ask for: `interface $ extends NodesOf<typeof flow> {}`. */
export type NodesOf<F> =
  F extends Flow<infer M, infer I, infer C>
    ? Universe<Merge<M>, I & C> & { readonly [K in UniverseMark]?: never }
    : never;
