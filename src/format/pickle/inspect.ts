/** Looks into a pickle whatever classes it holds: what would be refused is shown as what it is, and nothing is run here either. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { PickleLimits } from "./limits.ts";
import { keptPickleOf } from "./read.ts";

export interface PickleContents {
  /** Names that `pickleOf` refuses without `classes`, in the order in which they come. */
  readonly refused: readonly string[];
  /** With `RefusedObject`s in it; `undefined` where there is a problem. */
  readonly value: unknown;
  /** Why there is no value: a circle through a refused object. */
  readonly problem: EntrepotError | undefined;
}

/** Errors: truncated, malformed, limit-exceeded, unsupported. */
export function inspectPickle(
  bytes: Uint8Array,
  options: { readonly limits?: PickleLimits | undefined; readonly uri?: string | undefined } = {},
): PickleContents {
  const refused: string[] = [];
  const onRefused = (name: string) => void refused.push(name);
  try {
    return { refused, value: keptPickleOf(bytes, { ...options, onRefused }), problem: undefined };
  } catch (error) {
    if (refused.length > 0 && isEntrepotError(error, "unsupported", "malformed"))
      return { refused, value: undefined, problem: unseen(refused, error) };
    throw error;
  }
}

/** What holds a refused object is mostly made of it, and then cannot be made. */
function unseen(refused: readonly string[], error: EntrepotError): EntrepotError {
  return new EntrepotError(
    "unsupported",
    `what the pickle holds is made of ${refused.join(", ")}, which is not plain data`,
    {
      uri: error.uri,
      hint: "change it to plain data in Python",
      cause: error,
    },
  );
}
