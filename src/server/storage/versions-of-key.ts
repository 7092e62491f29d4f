/** What becomes of the versions of one key when another is written or one is removed. Pure; oldest first throughout. */
import type { Blob, DeleteMarker, VersioningState, VersionRecord } from "./records.ts";
import { makeVersionId } from "./version-id.ts";

export function isDeleteMarker(version: VersionRecord): version is DeleteMarker {
  return "deleteMarker" in version;
}

/** None of a delete marker. */
export function blobsOf(version: VersionRecord | undefined): readonly Blob[] {
  return version === undefined || isDeleteMarker(version) ? [] : version.blobs;
}

/** As clients name it. */
export function versionIdOf(version: VersionRecord): string {
  return version.versionId ?? "null";
}

/** The record as the newest of `versions`: arrival decides about the order, whatever the clocks said. */
export function placed<T extends VersionRecord>(
  record: T,
  versions: readonly VersionRecord[],
  versioning: VersioningState | undefined,
): T {
  if (versioning === undefined) return record;
  const sequence = (versions.at(-1)?.sequence ?? 0) + 1;
  return { ...record, sequence, versionId: versioning === "Enabled" ? makeVersionId(sequence) : undefined };
}

/** With a placed record on top; there is one version of each name. */
export function withVersion(versions: readonly VersionRecord[], record: VersionRecord): readonly VersionRecord[] {
  return [...versions.filter(({ versionId }) => versionId !== record.versionId), record];
}

/** With this record in the place of the one of its name. */
export function withRevised(versions: readonly VersionRecord[], record: VersionRecord): readonly VersionRecord[] {
  return versions.map((version) => (version.versionId === record.versionId ? record : version));
}
