/** A source without objects: an error of every copy, and here the likeliest way to lose a whole target. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Context, Place } from "../context.ts";
import { folderOf } from "./places.ts";

/** The error. It is told when the source is an object itself, which is asked for only then. */
export async function nothing(
  context: Context,
  source: Place,
  removes: boolean,
  signal: AbortSignal | undefined,
): Promise<EntrepotError> {
  const { uri, key, store } = source;
  const name = key.replace(/\/$/, "");
  const isObject = name !== "" && (await holds(store, name, signal));
  if (isObject) {
    return new EntrepotError("not-found", `${uri} is no folder, but ${uri.replace(/\/$/, "")} is an object`, {
      uri,
      hint: "sync makes one folder like another; copy takes single objects",
    });
  }
  if (!(await isThere(context, source))) {
    return new EntrepotError("not-found", `there is no folder ${uri}`, {
      uri,
      hint: "correct the path, or make the folder if an empty one is meant; nothing was changed",
    });
  }
  const way = 'deleteLimit: "100%" (--max-delete 100%) lets an empty source empty the target';
  return new EntrepotError("not-found", `nothing to sync: ${uri} holds no object`, {
    uri,
    hint: `list it to see what is there; nothing was changed${removes ? `; ${way}` : ""}`,
  });
}

/** Whether a source without objects is a folder all the same: on this disk one may be missing or mistyped, in a bucket none is more. */
export async function isThere({ disk }: Context, source: Place): Promise<boolean> {
  if (source.location.scheme !== "file") return true;
  return (await disk.stat(folderOf(source), { followLinks: true }))?.kind === "folder";
}

async function holds(store: Place["store"], key: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await store.stat(key, { signal });
    return true;
  } catch (error) {
    // the first error says more than that nobody knows
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    return false;
  }
}
