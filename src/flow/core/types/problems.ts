/** What is wrong with the wiring of a flow, in words that the compiler shows. Looked at where a driver is made, never before. */

import type { Flow } from "./flow.ts";
import type { Merge, Universe, UniverseMark } from "./universe.ts";

/** A node asks for a value of another type than that of the node of this name. */
export interface WrongType<Message extends string, Asked, Given> {
  error: Message;
  asked: Asked;
  given: Given;
}

/** Two modules or more export a node of this name. */
export interface SeveralModules<Message extends string, Names> {
  error: Message;
  modules: Names;
}

type Text<T> = T extends string ? T : never;

type EdgeProblems<N, F, All> = F extends (deps: infer D, ...rest: never) => unknown
  ? UniverseMark extends keyof D
    ? never
    : {
        [K in keyof D]-?: K extends keyof All
          ? All[K] extends D[K]
            ? never
            : WrongType<`node '${Text<N>}' asks for '${Text<K>}' with another type than it has`, D[K], All[K]>
          : undefined extends D[K]
            ? never
            : `✗ node '${Text<N>}' asks for '${Text<K>}', but no function, input or config has that name`;
      }[keyof D]
  : never;

/**
 * All that is wrong with a flow; `never` where nothing is. Written as one expression: of a union with a name of its own the
 * compiler would show the name and not the words.
 */
export type FlowProblems<F> =
  F extends Flow<infer M, infer I, infer C>
    ?
        | {
            [N in keyof Merge<M>]: EdgeProblems<N, Merge<M>[N], Universe<Merge<M>, I & C>>;
          }[keyof Merge<M>]
        | ({
            [A in keyof M]: { [B in Exclude<keyof M, A>]: keyof M[A] & keyof M[B] }[Exclude<keyof M, A>];
          }[keyof M] extends infer K
            ? K extends string
              ? SeveralModules<
                  `node '${K}' is in several modules; rename all but one`,
                  { [A in keyof M]: K extends keyof M[A] ? A : never }[keyof M]
                >
              : never
            : never)
    : never;

/** The flow itself where nothing is wrong with it, else what is. */
export type Sound<F> = [FlowProblems<F>] extends [never] ? F : FlowProblems<F>;

/** `export type Check = Checked<FlowProblems<typeof flow>>` shows what is wrong without a driver. */
export type Checked<P extends never> = P;
