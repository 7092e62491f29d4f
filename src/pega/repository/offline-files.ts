/** What lies here when nobody can be asked what there is: the files that were fetched, as their list says, if they are still as they came. */
import { isEntrepotError } from "../../error/index.ts";
import { compareKeys } from "../../uri/index.ts";
import type { DownloadRecord } from "./download-record.ts";
import type { FetchedFile } from "./fetched-file.ts";
import type { RepositoryPlace } from "./place.ts";
import type { FetchedFiles } from "./types.ts";

/** Error: the one that is given, where it does not speak of an unknown folder, or where nothing lies here. */
export async function offlineFiles(
  error: unknown,
  place: RepositoryPlace,
  record: DownloadRecord,
  prefix: string,
): Promise<FetchedFiles> {
  if (!isEntrepotError(error, "not-cached")) throw error;
  const files: FetchedFile[] = [];
  let [lost, lastMs] = [0, 0];
  const beginning = place.keyOf(prefix);
  for (const [key, { etag, sizeBytes, modifiedNs, from }] of record.entries()) {
    if (from !== place.uri || !key.startsWith(beginning)) continue;
    if (!(await record.has(key, { from, etag, sizeBytes }))) {
      lost += 1;
      continue;
    }
    const path = record.pathOf(key) ?? "";
    const fingerprint = record.fingerprintOf(key);
    files.push({ uri: place.uriOf(key), key, path, sizeBytes, etag, fingerprint, status: "present" });
    lastMs = Math.max(lastMs, Number(BigInt(modifiedNs) / 1_000_000n));
  }
  if (files.length === 0) throw error;
  const asOf = new Date(lastMs);
  const gone = lost === 0 ? "" : `, without ${lost} that ${lost === 1 ? "is" : "are"} not here any more as fetched`;
  return {
    uri: place.below(prefix).uri,
    files: files.sort((a, b) => compareKeys(a.key, b.key)),
    fetched: 0,
    skipped: files.length,
    incomplete: [],
    unmarked: [],
    similar: [],
    asOf,
    summary: `Completed ${prefix}. Imported 0 files, skipped ${files.length} files. Offline: ${asOfWords(asOf)}${gone}.`,
  };
}

export function asOfWords(asOf: Date): string {
  return `what was fetched by ${asOf.toISOString().replace("T", " ").slice(0, 19)} GMT`;
}
