/** A storage in which uploads become other objects. */
import type { ObjectRecord } from "../storage/records.ts";
import type { Storage } from "../storage/storage.ts";
import { withMethods } from "../storage/with-methods.ts";

/** What an upload becomes passes through `change`, which refuses by throwing. */
export function changingUploads(storage: Storage, change: (object: ObjectRecord) => ObjectRecord): Storage {
  return withMethods(storage, {
    completeUpload: (bucket, key, id, assemble, ...rest) =>
      storage.completeUpload(bucket, key, id, (...given) => change(assemble(...given)), ...rest),
  });
}
