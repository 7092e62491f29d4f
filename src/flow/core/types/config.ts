/** What the variants of a flow ask of the configuration, and which of them a configuration chooses. */
import type { AnyFunction, DepsOf, Intersection, Simplify } from "./functions.ts";

declare const choice: unique symbol;
declare const condition: unique symbol;

/** A node with several functions, one of which the configuration chooses before anything runs. */
export interface Choice<K extends string, C extends Readonly<Record<string, AnyFunction>>, D extends string = never> {
  (deps: Intersection<DepsOf<C[keyof C]>>): ReturnType<C[keyof C]>;
  readonly [choice]?: { readonly key: K; readonly cases: C; readonly default: D } | undefined;
}

/** A function that stands for its node where the configuration has these values. */
export type Conditional<F, W> = F & { readonly [condition]?: W | undefined };

type ChoiceConfig<F> = F extends {
  readonly [choice]?:
    | { readonly key: infer Key extends string; readonly cases: infer C; readonly default: infer D }
    | undefined;
}
  ? [D] extends [never]
    ? { readonly [P in Key]: keyof C }
    : { readonly [P in Key]?: keyof C | undefined }
  : never;

type ConditionConfig<F> = F extends { readonly [condition]?: infer W | undefined }
  ? { readonly [P in keyof W]?: string | number | boolean | undefined }
  : never;

type ConfigOf<M> = Simplify<
  Intersection<{ [K in keyof M]: unknown extends M[K] ? never : ChoiceConfig<M[K]> | ConditionConfig<M[K]> }[keyof M]>
>;

/** The configuration that the merged modules `M` want. */
export type FlowConfig<M> = [ConfigOf<M>] extends [never] ? {} : unknown extends ConfigOf<M> ? {} : ConfigOf<M>;

/** With a literal configuration the type of a choice is that of the chosen case. */
export type Resolve<M, Config> = {
  readonly [N in keyof M]: M[N] extends {
    readonly [choice]?: { readonly key: infer Key; readonly cases: infer C; readonly default: infer D } | undefined;
  }
    ? C[Key extends keyof Config ? Exclude<Config[Key], undefined> & keyof C : D & keyof C]
    : M[N];
};
