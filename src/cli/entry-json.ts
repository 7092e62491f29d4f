/** An entry of a listing, for machines. */
import type { DeleteMarkerEntry, EntryOf, VersionEntry } from "../depot/index.ts";
import type { JsonObject } from "./message.ts";

export function entryJson(entry: EntryOf["any"]): JsonObject {
  const { uri, path, name, kind } = entry;
  if (kind === "folder") return { type: "entry", kind, uri, path, name };
  const { sizeBytes, modifiedMs, etag, versionId } = entry;
  return { type: "entry", kind, uri, path, name, sizeBytes, modifiedMs, etag, versionId: versionId ?? null };
}

export function versionJson(version: VersionEntry | DeleteMarkerEntry): JsonObject {
  const { uri, path, name, kind, versionId, isLatest, modifiedMs } = version;
  const named = { type: "entry", kind, uri, path, name, versionId, isLatest, modifiedMs };
  return kind === "delete-marker" ? named : { ...named, sizeBytes: version.sizeBytes, etag: version.etag };
}
