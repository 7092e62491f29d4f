/** A source without objects: an error of every copy, and here the likeliest way to lose a whole target. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Place } from "../context.ts";

/** The error. It is told when the source is an object itself, which is asked for only then. */
export async function nothing(
  { uri, key, store }: Place,
  removes: boolean,
  signal: AbortSignal | undefined,
): Promise<EntrepotError> {
  const name = key.replace(/\/$/, "");
  const isObject = name !== "" && (await isThere(store, name, signal));
  if (isObject) {
    return new EntrepotError("not-found", `${uri} is no folder, but ${uri.replace(/\/$/, "")} is an object`, {
      uri,
      hint: "sync makes one folder like another; copy takes single objects",
    });
  }
  const way = 'deleteLimit: "100%" (--max-delete 100%) lets an empty source empty the target';
  return new EntrepotError("not-found", `nothing to sync: ${uri} holds no object`, {
    uri,
    hint: `list it to see what is there; nothing was changed${removes ? `; ${way}` : ""}`,
  });
}

async function isThere(store: Place["store"], key: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await store.stat(key, { signal });
    return true;
  } catch (error) {
    // the first error says more than that nobody knows
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    return false;
  }
}
