/** Files of a repository on this disk: one listing says what there is, and only what is not here is asked for. */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Depot } from "../../depot/index.ts";
import { lookAhead } from "../../transfer/index.ts";
import { BegunJob } from "./begun-job.ts";
import type { DownloadRecord } from "./download-record.ts";
import { listEntries } from "./list-entries.ts";
import { marked } from "./marked.ts";
import type { RepositoryEntry, RepositoryPlace } from "./place.ts";
import type { FetchedFile, FetchedFiles, FetchOptions } from "./types.ts";

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
  const entries = await listEntries(data, place, prefix, { signal, markers: useMetaFiles });
  const { files, incomplete, unmarked } = marked(entries, useMetaFiles);
  const paths = new Map<string, string>();
  const wanted: RepositoryEntry[] = [];
  const look = async ({ key, uri, etag, sizeBytes }: RepositoryEntry) => record.pathOf(key, uri, etag, sizeBytes);
  let at = 0;
  for await (const path of lookAhead(files, { places: looks }, look)) {
    const entry = files[at] as RepositoryEntry;
    if (path === undefined) wanted.push(entry);
    else paths.set(entry.key, path);
    at += 1;
  }
  const skipped = paths.size;
  if (wanted.length > 0) {
    const job = new BegunJob(record.folder, uri);
    await copyDown(data, record, job, wanted, paths, { onProgress, signal });
  }
  const isNew = new Set(wanted.map(({ key }) => key));
  const fetched = files.map(({ uri, key, sizeBytes, etag }): FetchedFile => {
    return { uri, key, path: paths.get(key) ?? "", sizeBytes, etag, status: isNew.has(key) ? "new" : "present" };
  });
  return {
    uri,
    files: fetched,
    fetched: wanted.length,
    skipped,
    incomplete,
    unmarked,
    summary: `Completed ${prefix}. Imported ${wanted.length} files, skipped ${skipped} files.`,
  };
}

/** All, or the failures of those that could not be; what came is noted as it comes. */
async function copyDown(
  data: Depot,
  record: DownloadRecord,
  job: BegunJob,
  wanted: readonly RepositoryEntry[],
  paths: Map<string, string>,
  { onProgress, signal }: Pick<FetchOptions, "onProgress" | "signal">,
): Promise<void> {
  const byUri = new Map(wanted.map((entry) => [entry.uri, entry]));
  await job.giveUpLast(data);
  let hasFailed = false;
  try {
    await data.copy(named(wanted), `${pathToFileURL(record.folder).href}/`, {
      names: "map",
      onProgress,
      signal,
      onJob: (id) => job.begun(id),
      onFile({ uri, target, status }) {
        const entry = byUri.get(uri);
        if (entry === undefined || target === undefined || status !== "done") return;
        const path = fileURLToPath(target);
        paths.set(entry.key, path);
        record.add(entry.key, { ...entry, path: path.slice(record.folder.length + 1) });
      },
    });
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    // what a failed copy has to tell comes first
    await record.settle().catch((error: unknown) => {
      if (!hasFailed) throw error;
    });
  }
  await job.ended();
}

/** Under their whole keys. */
async function* named(
  entries: readonly RepositoryEntry[],
): AsyncGenerator<RepositoryEntry & { readonly path: string }> {
  for (const entry of entries) yield { ...entry, path: entry.key };
}
