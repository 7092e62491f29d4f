/**
 * Which inputs do these outputs need? One flat map of names is made once per flow and walked by indexed access over unions:
 * a condition per node took a minute for 2,000 nodes.
 */
import type { UniverseMark } from "./universe.ts";

type AskedBy<F> = F extends (deps: infer D, ...rest: never) => unknown
  ? UniverseMark extends keyof D
    ? UniverseMark
    : keyof D
  : never;

type Suffixed = `${string}__${string}`;

type AskedNames<M> = [keyof M & Suffixed] extends [never]
  ? { [K in keyof M]: AskedBy<M[K]> }
  : { [K in keyof M as K extends `${infer Name}__${string}` ? Name : K]: AskedBy<M[K]> };

type Walk<G, Todo extends keyof G, Seen> = [Todo] extends [never] ? Seen : Step<G, Exclude<G[Todo], Seen>, Seen>;
type Step<G, Found, Seen> = UniverseMark extends Found ? Found : Walk<G, Found & keyof G, Seen | Found>;

/** The inputs that `Names` need: exactly those where each node on the way says what it asks for, any of them otherwise. What is overridden needs none. */
export type NeededInputs<M, I, Names, Overridden = never> =
  Walk<AskedNames<M>, Exclude<Names, Overridden> & keyof AskedNames<M>, Names | Overridden> extends infer Found
    ? UniverseMark extends Found
      ? Partial<I>
      : Pick<I, Found & keyof I>
    : never;
