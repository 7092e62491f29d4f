/** An entry of a listing, for machines. */
import type { EntryOf } from "../depot/index.ts";
import type { JsonObject } from "./message.ts";

export function entryJson(entry: EntryOf["any"]): JsonObject {
  const { uri, path, name, kind } = entry;
  if (kind === "folder") return { type: "entry", kind, uri, path, name };
  const { sizeBytes, modifiedMs, etag, versionId } = entry;
  return { type: "entry", kind, uri, path, name, sizeBytes, modifiedMs, etag, versionId: versionId ?? null };
}
