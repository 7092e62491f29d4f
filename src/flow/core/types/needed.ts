/**
 * Which inputs do these outputs need? One flat map of names is made once per flow and walked by indexed access over unions:
 * a condition per node took a minute for 2,000 nodes.
 */
import type { DepsOf } from "./functions.ts";
import type { IsUniverse, UniverseMark } from "./universe.ts";

type AskedNames<M> = {
  [K in keyof M as K extends `${infer Name}__${string}` ? Name : K]: M[K] extends infer F
    ? F extends unknown
      ? DepsOf<F> extends infer D
        ? IsUniverse<D> extends true
          ? UniverseMark
          : keyof D
        : never
      : never
    : never;
};

type Walk<G, Todo extends keyof G, Seen> = [Todo] extends [never] ? Seen : Step<G, Exclude<G[Todo], Seen>, Seen>;
type Step<G, Found, Seen> = UniverseMark extends Found ? Found : Walk<G, Found & keyof G, Seen | Found>;

/** The inputs that `Names` need: exactly those where each node on the way says what it asks for, any of them otherwise. */
export type NeededInputs<M, I, Names> =
  Walk<AskedNames<M>, Names & keyof AskedNames<M>, Names> extends infer Found
    ? UniverseMark extends Found
      ? Partial<I>
      : Pick<I, Found & keyof I>
    : never;
