/** A storage of which some methods are others. */
import type { ObjectRecord } from "../storage/records.ts";
import type { Storage } from "../storage/storage.ts";

/** `changes` come first; everything else is the storage's own. */
export function withMethods(storage: Storage, changes: Partial<Storage>): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const changed: unknown = Reflect.get(changes, name);
      if (changed !== undefined) return changed;
      const own: unknown = Reflect.get(target, name, target);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

/** What an upload becomes passes through `change`, which refuses by throwing. */
export function changingUploads(storage: Storage, change: (object: ObjectRecord) => ObjectRecord): Storage {
  return withMethods(storage, {
    completeUpload: (bucket, key, id, assemble, ...rest) =>
      storage.completeUpload(bucket, key, id, (...given) => change(assemble(...given)), ...rest),
  });
}
