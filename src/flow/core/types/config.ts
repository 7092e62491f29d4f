/** What the variants of a flow ask of the configuration, and which of them a configuration chooses. */
import type { AnyFunction, DepsOf, Intersection, Simplify } from "./functions.ts";

declare const variants: unique symbol;

/** A node with several functions, one of which the configuration chooses before anything runs. */
export interface Choice<K extends string, C extends Readonly<Record<string, AnyFunction>>, D extends string = never> {
  (deps: Intersection<DepsOf<C[keyof C]>>): ReturnType<C[keyof C]>;
  readonly [variants]?: { readonly key: K; readonly cases: C; readonly default: D } | undefined;
}

/** A function that stands for its node where the configuration has these values. */
export type Conditional<F, W> = F & { readonly [variants]?: { readonly condition: W } | undefined };

/** Of nodes without variants nothing but the names of their properties is looked at: a large flow has hundreds. */
type ConfigOfNode<M, F, K> = typeof variants extends keyof F
  ? ConfigOfVariants<NonNullable<F[typeof variants]>, HasOtherwise<M, K>>
  : never;

/** Whether a variant of the same node is for every other configuration. */
type HasOtherwise<M, K> = K extends `${infer Name}__${string}`
  ? {
      [S in keyof M & `${Name}__${string}`]: typeof variants extends keyof M[S] ? never : true;
    }[keyof M & `${Name}__${string}`]
  : never;

type ConfigOfVariants<V, Other> = V extends {
  readonly key: infer Key extends string;
  readonly cases: infer C;
  readonly default: infer D;
}
  ? [D] extends [never]
    ? { readonly [P in Key]: keyof C }
    : { readonly [P in Key]?: keyof C | undefined }
  : V extends { readonly condition: infer W }
    ? [Other] extends [never]
      ? { readonly [P in keyof W]: string | number | boolean }
      : { readonly [P in keyof W]?: string | number | boolean | undefined }
    : never;

type ConfigOf<M> = Simplify<Intersection<{ [K in keyof M]: ConfigOfNode<M, M[K], K> }[keyof M]>>;

/** The configuration that the merged modules `M` want. */
export type FlowConfig<M> = [ConfigOf<M>] extends [never] ? {} : unknown extends ConfigOf<M> ? {} : ConfigOf<M>;

declare const unset: unique symbol;

/** A configuration that was not given at all: each choice takes its default. */
export type Unset<Wanted> = Wanted & { readonly [K in typeof unset]?: never };

/** `F`, or in words which configuration it wants, where none was given. */
export type Configured<F, Wanted, Config> = {} extends Wanted
  ? F
  : typeof unset extends keyof Config
    ? `✗ the flow is chosen by the config '${keyof Wanted & string}': driver(flow, { config: { ${keyof Wanted & string}: … } })`
    : F;

/** With a literal configuration the type of a choice is that of the chosen case. */
export type Resolve<M, Config> = Chosen<M, typeof unset extends keyof Config ? {} : Config>;

type Chosen<M, Config> = {
  readonly [N in keyof M]: typeof variants extends keyof M[N]
    ? ChosenCase<M[N], NonNullable<M[N][typeof variants]>, Config>
    : M[N];
};

type ChosenCase<F, V, Config> = V extends {
  readonly key: infer Key;
  readonly cases: infer C;
  readonly default: infer D;
}
  ? C[Key extends keyof Config ? Exclude<Config[Key], undefined> & keyof C : D & keyof C]
  : F;
