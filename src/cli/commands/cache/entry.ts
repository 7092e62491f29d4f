/** A copy, for machines. */
import type { CacheEntry } from "../../../cache/index.ts";
import type { JsonObject } from "../../message.ts";

export function entryJson({ uri, etag, sizeBytes, path, usedMs, checkedMs, pinned }: CacheEntry): JsonObject {
  return { uri, etag, sizeBytes, path, usedMs, checkedMs, pinned };
}
