/** Files of a repository on this disk: one listing says what there is, and only what is not here is asked for. */
import type { Depot } from "../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
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
/** So often it is asked what there is, where files are replaced while they come. */
const mostListings = 3;

export async function fetchFilesOf(
  data: Depot,
  place: RepositoryPlace,
  record: DownloadRecord,
  prefix: string,
  { useMetaFiles = false, onProgress, signal }: FetchOptions,
): Promise<FetchedFiles> {
  const { uri } = place.below(prefix);
  await record.load();
  const brought = new Set<string>();
  for (let listings = 1; ; listings += 1) {
    let entries: readonly RepositoryEntry[];
    try {
      entries = await listEntries(data, place, prefix, { signal, markers: useMetaFiles });
    } catch (error) {
      return offlineFiles(error, place, record, prefix);
    }
    const { files, incomplete, unmarked } = marked(entries, useMetaFiles, place.uriOf);
    const wanted = await missing(files, place, record);
    for (const { key } of wanted) brought.add(key);
    const replaced =
      wanted.length === 0 ? [] : await copyDown(data, place, record, uri, files, wanted, { onProgress, signal });
    if (replaced.length > 0 && listings < mostListings) continue;
    if (replaced.length > 0) throw alwaysReplaced(replaced);
    const fetched = files.reduce((count, { key }) => count + (brought.has(key) ? 1 : 0), 0);
    const skipped = files.length - fetched;
    return {
      uri,
      files: files.map((file) => described(file, brought, place, record)),
      fetched,
      skipped,
      incomplete,
      unmarked,
      similar: [],
      asOf: undefined,
      summary: `Completed ${prefix}. Imported ${fetched} files, skipped ${skipped} files.`,
    };
  }
}

async function missing(
  files: readonly RepositoryEntry[],
  place: RepositoryPlace,
  record: DownloadRecord,
): Promise<RepositoryEntry[]> {
  const wanted: RepositoryEntry[] = [];
  const look = async ({ key, etag, sizeBytes }: RepositoryEntry) =>
    record.has(key, { from: place.uri, etag, sizeBytes });
  let at = 0;
  for await (const isHere of lookAhead(files, { places: looks }, look)) {
    if (!isHere) wanted.push(files[at] as RepositoryEntry);
    at += 1;
  }
  return wanted;
}

function described(
  { key, sizeBytes, etag }: RepositoryEntry,
  brought: ReadonlySet<string>,
  place: RepositoryPlace,
  record: DownloadRecord,
): FetchedFile {
  const [path, fingerprint] = [record.pathOf(key) ?? "", record.fingerprintOf(key)];
  return {
    uri: place.uriOf(key),
    key,
    path,
    sizeBytes,
    etag,
    fingerprint,
    status: brought.has(key) ? "new" : "present",
  };
}

function alwaysReplaced(failures: readonly EntrepotError[]): EntrepotError {
  const [first] = failures as [EntrepotError];
  const others = failures.length === 1 ? "" : `, as ${failures.length - 1} more`;
  if (failures.every((error) => isEntrepotError(error, "not-found")))
    return new EntrepotError("not-found", `${first.uri} is listed, but is not there${others}`, {
      uri: first.uri,
      hint: "fetch again when who removes files there is done",
      cause: first,
      failures,
    });
  return new EntrepotError("changed", `${first.uri} was replaced each time while it was fetched${others}`, {
    uri: first.uri,
    hint: "fetch again when who writes there is done; useMetaFiles takes only what is marked as whole",
    cause: first,
    failures,
  });
}
