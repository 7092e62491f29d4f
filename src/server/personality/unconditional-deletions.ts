/** Removals that take no notice of the ETag they are given, by DELETE as in the document of DeleteObjects. */
import type { Storage } from "../storage/storage.ts";
import { withMethods } from "../storage/with-methods.ts";

export function unconditionalDeletions(storage: Storage): Storage {
  return withMethods(storage, {
    remove: (bucket, key, nowMs) => storage.remove(bucket, key, nowMs),
    removeVersion: (bucket, key, versionId) => storage.removeVersion(bucket, key, versionId),
  });
}
