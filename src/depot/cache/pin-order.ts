/** What a pin of a folder or of an object asks the cache for. */
import type { CachedStore, PinMember, PinRequest } from "../../cache/index.ts";
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Context, Place } from "../context.ts";
import { explainMissing } from "../sources.ts";

/** What is pinned as one, in one store. */
export interface PinOrder {
  readonly cached: CachedStore;
  readonly request: PinRequest;
}

/** Also what cannot be pinned, and why. */
export type Planned = PinOrder | { readonly uri: string; readonly problem: EntrepotError };

/** By the path below what is pinned. */
export type Matches = ((path: string) => boolean) | undefined;

export function folderOrder(
  { cached, key, uri }: Place & { readonly cached: CachedStore },
  kind: "folder" | "prefix",
  match: RegExp | undefined,
  matches: Matches,
): PinOrder {
  const base = key.lastIndexOf("/") + 1;
  const isWanted = matches && ((found: string) => matches(found.slice(base)));
  return { cached, request: { asked: { kind, key, match: match && String(match) }, uri, isWanted } };
}

/** As the server says it now, or what it says instead. */
export async function memberOf(
  context: Context,
  place: Place,
  signal: AbortSignal | undefined,
): Promise<PinMember | EntrepotError> {
  const { store, key, versionId } = place;
  try {
    const { sizeBytes, etag, modifiedMs } = await store.stat(key, { versionId, signal });
    return { key, versionId, sizeBytes, etag, modifiedMs };
  } catch (error) {
    if (!isEntrepotError(error) || signal?.aborted === true) throw error;
    return explainMissing(context, place, error, { signal });
  }
}
