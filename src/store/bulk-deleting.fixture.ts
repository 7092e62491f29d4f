/** A store that deletes many at once, for tests of what stands in front of one. */
import type { DeletedKey, ObjectStore, RequestOptions } from "./object-store.ts";

/** The store itself, with `deleteMany` added; `onBatch` is told of each call. */
export function bulkDeleting(store: ObjectStore, onBatch: (keys: readonly string[]) => void = () => {}): ObjectStore {
  async function* deleteMany(keys: readonly string[], options?: RequestOptions): AsyncGenerator<DeletedKey> {
    onBatch(keys);
    for (const key of keys) {
      await store.delete(key, options);
      yield { key, error: undefined };
    }
  }
  return Object.assign(store, { deleteMany });
}
