/** Files of a repository on this disk: one listing says what there is, and only what is not here is asked for. */
import type { Depot } from "../../depot/index.ts";
import { lookAhead } from "../../transfer/index.ts";
import { copyDown } from "./copy-down.ts";
import type { DownloadRecord } from "./download-record.ts";
import type { FetchedFile } from "./fetched-file.ts";
import { listEntries } from "./list-entries.ts";
import { marked } from "./marked.ts";
import { offlineFiles } from "./offline-files.ts";
import type { RepositoryEntry, RepositoryPlace } from "./place.ts";
import type { FetchedFiles, FetchOptions } from "./types.ts";

/** Files of this disk that are looked at at once. */
const looks = 16;

export async function fetchFilesOf(
  data: Depot,
  place: RepositoryPlace,
  record: DownloadRecord,
  prefix: string,
  { useMetaFiles = false, onProgress, signal }: FetchOptions,
): Promise<FetchedFiles> {
  const { uri } = place.below(prefix);
  await record.load();
  let entries: readonly RepositoryEntry[];
  try {
    entries = await listEntries(data, place, prefix, { signal, markers: useMetaFiles });
  } catch (error) {
    return offlineFiles(error, place, record, prefix);
  }
  const { files, incomplete, unmarked } = marked(entries, useMetaFiles, place.uriOf);
  const wanted: RepositoryEntry[] = [];
  const look = async ({ key, etag, sizeBytes }: RepositoryEntry) =>
    record.has(key, { from: place.uri, etag, sizeBytes });
  let at = 0;
  for await (const isHere of lookAhead(files, { places: looks }, look)) {
    if (!isHere) wanted.push(files[at] as RepositoryEntry);
    at += 1;
  }
  if (wanted.length > 0) await copyDown(data, place, record, uri, files, wanted, { onProgress, signal });
  const skipped = files.length - wanted.length;
  return {
    uri,
    files: described(files, wanted, place, record),
    fetched: wanted.length,
    skipped,
    incomplete,
    unmarked,
    similar: [],
    asOf: undefined,
    summary: `Completed ${prefix}. Imported ${wanted.length} files, skipped ${skipped} files.`,
  };
}

/** Both are in the order of keys. */
function described(
  files: readonly RepositoryEntry[],
  wanted: readonly RepositoryEntry[],
  place: RepositoryPlace,
  record: DownloadRecord,
): FetchedFile[] {
  let next = 0;
  return files.map((file) => {
    const isNew = file === wanted[next];
    if (isNew) next += 1;
    const { key, sizeBytes, etag } = file;
    const path = record.pathOf(key) ?? "";
    return { uri: place.uriOf(key), key, path, sizeBytes, etag, status: isNew ? "new" : "present" };
  });
}
