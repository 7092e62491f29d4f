/** Looks into a pickle whatever classes it holds: what would be refused is shown as what it is, and nothing is run here either. */
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { ClassReader } from "./class-instance.ts";
import type { PickleLimits } from "./limits.ts";
import { readBy } from "./read.ts";
import { RefusedObject } from "./refused-object.ts";

export interface PickleContents {
  /** Names that `pickleOf` refuses without `classes`, in the order in which they come. */
  readonly refused: readonly string[];
  /** With `RefusedObject`s in it; `undefined` where there is a problem. */
  readonly value: unknown;
  /** Why there is no value: an array of pandas that is not understood, a circle through a refused object. */
  readonly problem: EntrepotError | undefined;
}

/** Errors: truncated, malformed, limit-exceeded. */
export function inspectPickle(
  bytes: Uint8Array,
  options: { readonly limits?: PickleLimits | undefined; readonly uri?: string | undefined } = {},
): PickleContents {
  const refused: string[] = [];
  const classes = (name: string, isKnown: boolean): ClassReader | undefined => {
    if (isKnown) return undefined;
    refused.push(name);
    return (_, instance) => new RefusedObject(instance);
  };
  try {
    return { refused, value: readBy(bytes, classes, options.limits, options.uri), problem: undefined };
  } catch (error) {
    const isOurs = isEntrepotError(error, "unsupported") || (refused.length > 0 && isEntrepotError(error, "malformed"));
    if (!isOurs) throw error;
    return { refused, value: undefined, problem: error };
  }
}
