/**
 * What is not here comes: small files one by one, the others as copies of some hundred at a time, whose plans are held whole. All are
 * tried; what came is noted as it comes, so that the next fetch goes on where this one ended.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Depot } from "../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { BegunJob } from "./begun-job.ts";
import { copySmall } from "./copy-small.ts";
import type { DownloadRecord } from "./download-record.ts";
import type { RepositoryEntry, RepositoryPlace } from "./place.ts";
import type { FetchOptions } from "./types.ts";

const filesAtOnce = 500;

/**
 * `files` are all that there are, `wanted` those that are not here; `uri` is that of the fetch. Gives the error of each file that is not
 * the version of the listing any more or is gone, where nothing else went wrong. Other errors: those of a copy, all in `failures`.
 */
export async function copyDown(
  data: Depot,
  place: RepositoryPlace,
  record: DownloadRecord,
  uri: string,
  files: readonly RepositoryEntry[],
  wanted: readonly RepositoryEntry[],
  { onProgress, signal }: Pick<FetchOptions, "onProgress" | "signal">,
): Promise<readonly EntrepotError[]> {
  const job = new BegunJob(record.folder, uri);
  await job.giveUpLast(data);
  const totals = { totalObjects: wanted.length, totalBytes: bytesOf(wanted) };
  let [doneObjects, doneBytes] = [0, 0];
  const small = await copySmall(data, place, record, files, wanted, {
    signal,
    onDone({ key, sizeBytes }) {
      doneObjects += 1;
      doneBytes += sizeBytes;
      onProgress?.({ uri: place.uriOf(key), doneObjects, doneBytes, ...totals });
    },
  });
  const failed: EntrepotError[] = [...small.failed];
  for (let first = 0; first < small.left.length; first += filesAtOnce) {
    const some = small.left.slice(first, first + filesAtOnce);
    const report = await copySome(data, place, record, some, {
      signal,
      onJob: (id) => job.begun(id),
      onProgress: (now) =>
        onProgress?.({
          uri: now.uri,
          doneObjects: doneObjects + now.doneObjects,
          doneBytes: doneBytes + now.doneBytes,
          ...totals,
        }),
    });
    failed.push(...report.failed.flatMap(({ error }) => (error === undefined ? [] : [error])));
    doneObjects += some.length - report.failed.length;
    doneBytes += bytesOf(some);
  }
  await job.ended();
  if (failed.every((error) => isEntrepotError(error, "changed", "precondition-failed", "not-found"))) return failed;
  throw failureOf(failed);
}

function bytesOf(entries: readonly RepositoryEntry[]): number {
  return entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

async function copySome(
  data: Depot,
  place: RepositoryPlace,
  record: DownloadRecord,
  some: readonly RepositoryEntry[],
  options: Pick<FetchOptions, "onProgress" | "signal"> & { readonly onJob: (id: string) => void },
) {
  const byUri = new Map(some.map((entry) => [place.uriOf(entry.key), entry]));
  try {
    return await data.copy(named(byUri), `${pathToFileURL(record.folder).href}/`, {
      ...options,
      names: "map",
      pinned: true,
      onError: "ignore",
      onFile({ uri, target, status }) {
        const entry = byUri.get(uri);
        if (entry === undefined || target === undefined || status !== "done") return;
        const { key, etag, sizeBytes } = entry;
        const path = fileURLToPath(target).slice(record.folder.length + 1);
        record.add(key, { from: place.uri, path: path === key ? key : path, etag, sizeBytes });
      },
    });
  } finally {
    await record.settle();
  }
}

/** Under their whole keys. */
async function* named(entries: ReadonlyMap<string, RepositoryEntry>) {
  for (const [uri, { key, sizeBytes, etag }] of entries) yield { uri, path: key, sizeBytes, etag };
}

/** As a transfer's own. */
function failureOf(failures: readonly EntrepotError[]): EntrepotError {
  const [first] = failures as [EntrepotError];
  const { code, uri, hint, retryable } = first;
  const message =
    failures.length === 1
      ? first.message
      : `${failures.length} files could not be fetched; the first: ${first.message}`;
  return new EntrepotError(code, message, { uri, hint, retryable, cause: first, failures });
}
