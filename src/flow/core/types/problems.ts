/** What is wrong with the wiring of a flow, in words that the compiler shows. Looked at where a driver is made, never before. */

import type { Flow } from "./flow.ts";
import type { DepsOf } from "./functions.ts";
import type { IsUniverse, Merge, Universe } from "./universe.ts";

/** A node asks for a value of another type than that of the node of this name. */
export interface WrongType<Message extends string, Asked, Given> {
  error: Message;
  asked: Asked;
  given: Given;
}

type Text<T> = T extends string ? T : never;

type EdgeProblems<N, D, All> =
  IsUniverse<D> extends true
    ? never
    : {
        [K in keyof D]-?: K extends keyof All
          ? All[K] extends D[K]
            ? never
            : WrongType<`node '${Text<N>}' asks for '${Text<K>}' with another type than it has`, D[K], All[K]>
          : undefined extends D[K]
            ? never
            : `✗ node '${Text<N>}' asks for '${Text<K>}', but no function, input or config has that name`;
      }[keyof D];

type NodeProblems<M, All> = { [N in keyof M]: EdgeProblems<N, DepsOf<M[N]>, All> }[keyof M];

type Duplicates<M> = {
  [A in keyof M]: {
    [B in Exclude<keyof M, A>]: keyof M[A] & keyof M[B] extends infer K
      ? K extends string
        ? `✗ node '${K}' is in module '${Text<A>}' and in module '${Text<B>}'`
        : never
      : never;
  }[Exclude<keyof M, A>];
}[keyof M];

/** All that is wrong with a flow; `never` where nothing is. */
export type FlowProblems<F> =
  F extends Flow<infer M, infer I, infer C>
    ? NodeProblems<Merge<M>, Universe<Merge<M>, I & C>> | Duplicates<M> extends infer P
      ? P extends unknown
        ? P
        : never
      : never
    : never;

/** The flow itself where nothing is wrong with it, else what is. */
export type Sound<F> = [FlowProblems<F>] extends [never] ? F : FlowProblems<F>;

/** `export type Check = Checked<FlowProblems<typeof flow>>` shows what is wrong without a driver. */
export type Checked<P extends never> = P;
