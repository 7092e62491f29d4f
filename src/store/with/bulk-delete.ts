/** Deleting many at once, as decorators see it: each key is one `delete` with an outcome of its own. */
import type { DeletedKey, ObjectStore } from "../object-store.ts";

export type KeyOutcome = DeletedKey;
export type DeleteMany = NonNullable<ObjectStore["deleteMany"]>;

/** The store's own way to delete many; `undefined` where it has none. */
export function deleteManyOf(store: ObjectStore): DeleteMany | undefined {
  return store.deleteMany?.bind(store);
}
