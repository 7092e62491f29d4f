/** A folder that Pega exports to: its files here, as they are there, and its tables. */
import type { Depot } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Address } from "../../uri/index.ts";
import { makeDatamart } from "../datamart/adm-datamart.ts";
import { checkAdmOptions } from "../datamart/option-checks.ts";
import { readAdmTables } from "./adm-tables.ts";
import { checkOptions, fetching, fetchingTable, located, readingDatamart, readingTable } from "./checks.ts";
import { DownloadRecord } from "./download-record.ts";
import { fetchFilesOf } from "./fetch-files.ts";
import { localFolder } from "./local-folder.ts";
import { placeOf, type RepositoryPlace } from "./place.ts";
import { fetchAndRead, readFetched } from "./read-fetched.ts";
import { missingTableHint, similarFiles } from "./similar-files.ts";
import { type PegaTable, prefixOfTable } from "./tables.ts";
import type { FetchedFiles, PegaRepository, PegaRepositoryOptions } from "./types.ts";

const usualFolder = "datamart";

/**
 * `folder` is a bucket or any folder that Pega exports to. Asks for nothing by itself; `data` stays the caller's to close. TypeError for
 * options that there are none of.
 */
export function pegaRepository(data: Depot, folder: Address, options: PegaRepositoryOptions = {}): PegaRepository {
  checkOptions("pegaRepository()", options, located);
  const place = placeOf(data.resolve(folder));
  const downloadDir = localFolder(data, options.downloadDir ?? "./s3_download");
  const repository: PegaRepository = {
    uri: place.uri,
    downloadDir,
    async fetchFiles(prefix, given = {}) {
      checkOptions("fetchFiles()", given, fetching);
      if (typeof prefix !== "string") throw new TypeError('the prefix of fetchFiles() is text, "" for everything');
      return fetchFilesOf(data, place, new DownloadRecord(downloadDir), prefix, given);
    },
    async fetchTable(name, given = {}) {
      checkOptions("fetchTable()", given, fetchingTable);
      const { datamartFolder = usualFolder, ...rest } = given;
      const fetched = await repository.fetchFiles(prefixOfTable(name, datamartFolder), rest);
      if (fetched.files.length + fetched.unmarked.length > 0) return fetched;
      return { ...fetched, similar: await similarFiles(data, place, name, datamartFolder, given.signal) };
    },
    async readTable(name, given = {}) {
      checkOptions("readTable()", given, readingTable);
      const { sourceColumn, onBroken, onFetched, ...rest } = given;
      const read = async (fetched: FetchedFiles) => {
        if (fetched.files.length === 0) throw noFile(place, name, given.datamartFolder ?? usualFolder, fetched);
        onFetched?.(fetched);
        return readFetched(data, downloadDir, fetched, { sourceColumn, onBroken, signal: given.signal });
      };
      return fetchAndRead(() => repository.fetchTable(name, rest), read);
    },
    async admDatamart(given = {}) {
      const { datamartFolder, useMetaFiles, onProgress, onBroken, signal, ...made } = given;
      const fetched = { datamartFolder, useMetaFiles, onProgress, onBroken, signal };
      checkOptions("admDatamart()", fetched, readingDatamart);
      checkAdmOptions(made);
      const { remarks, ...tables } = await readAdmTables(data, place, repository, fetched);
      return makeDatamart(tables, { ...made, data }, remarks);
    },
  };
  return repository;
}

function noFile(
  place: RepositoryPlace,
  name: PegaTable,
  folder: string,
  { uri, unmarked, similar }: FetchedFiles,
): EntrepotError {
  const waiting = unmarked.length === 0 ? "" : `; ${unmarked.length} without a marker wait for theirs`;
  return new EntrepotError("not-found", `there is no file of ${name}: nothing begins with ${uri}${waiting}`, {
    uri,
    hint:
      unmarked.length > 0
        ? "without useMetaFiles they are taken as they are"
        : missingTableHint(place, name, similar, folder),
  });
}
