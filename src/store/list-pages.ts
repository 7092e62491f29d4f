/** From results in order to pages: the part of a listing that does not depend on where the objects lie. */
import type { ListOptions, ListPage, ObjectInfo } from "./object-store.ts";

/** One result of a listing, in the order of its key or prefix. */
export type ListEntry =
  | { readonly object: ObjectInfo; readonly folder?: never }
  | { readonly folder: string; readonly object?: never };

/** `ListOptions` with their defaults. */
export interface ListSettings {
  readonly prefix: string;
  readonly rollUp: boolean;
  readonly startAfter: string;
  readonly pageSize: number;
}

/** Throws a RangeError for a page size outside 1 to 1,000, and for shards that are no whole number from 1. */
export function listSettings(options: ListOptions): ListSettings {
  const { prefix = "", rollUp = false, startAfter = "", pageSize = 1000, shards = 1 } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw new RangeError(`pageSize is ${pageSize}; give 1 to 1000`);
  }
  if (!Number.isSafeInteger(shards) || shards < 1) throw new RangeError(`shards is ${shards}; give 1 or more`);
  return { prefix, rollUp, startAfter, pageSize };
}

/** Pages of at most `pageSize` results; an empty listing has none. */
export async function* listPages(
  entries: AsyncIterable<ListEntry> | Iterable<ListEntry>,
  pageSize: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListPage, void, undefined> {
  let objects: ObjectInfo[] = [];
  let folders: string[] = [];
  signal?.throwIfAborted();
  for await (const entry of entries) {
    signal?.throwIfAborted();
    if (entry.object !== undefined) objects.push(entry.object);
    else folders.push(entry.folder);
    if (objects.length + folders.length < pageSize) continue;
    yield { objects, folders };
    [objects, folders] = [[], []];
    signal?.throwIfAborted();
  }
  if (objects.length + folders.length > 0) yield { objects, folders };
}
