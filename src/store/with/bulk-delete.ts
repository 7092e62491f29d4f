/** Deleting many at once, as decorators see it: each key is one `delete` with an outcome of its own. */
import type { EntrepotError } from "../../error/index.ts";
import type { ObjectStore, RequestOptions } from "../object-store.ts";

/** What became of one key. */
export interface KeyOutcome {
  readonly key: string;
  readonly error: EntrepotError | undefined;
}

export type DeleteMany = (keys: readonly string[], options?: RequestOptions) => AsyncIterable<KeyOutcome>;

/** A store that has a way to. */
interface BulkStore extends ObjectStore {
  readonly deleteMany?: DeleteMany | undefined;
}

/** The store's own way to delete many; `undefined` where it has none. */
export function deleteManyOf(store: BulkStore): DeleteMany | undefined {
  return store.deleteMany?.bind(store);
}
