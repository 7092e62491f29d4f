/** The two tables of a datamart of adaptive models, as they are exported: either may be missing, both may not. */
import type { Depot } from "../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Frame } from "../../table/index.ts";
import { brokenTold } from "../datamart/broken.ts";
import type { DatamartRemark } from "../datamart/remark.ts";
import { isExportName } from "../exports/export-names.ts";
import { asOfWords } from "./offline-files.ts";
import type { RepositoryPlace } from "./place.ts";
import { fetchAndRead, readFetched } from "./read-fetched.ts";
import { swappedHint } from "./similar-files.ts";
import { prefixOfTable, shorterPrefixOfTable } from "./tables.ts";
import type { FetchedFiles, PegaRepository, ReadTableOptions } from "./types.ts";

export interface RawAdmTables {
  readonly models: Frame | undefined;
  readonly predictors: Frame | undefined;
  /** Of files that wait for their markers, and of a time when nobody could be asked. */
  readonly remarks: readonly DatamartRemark[];
}

const tables = { models: "modelSnapshot", predictors: "predictorSnapshot" } as const;
type Name = keyof typeof tables;

/** Fetches both at the same time, by any of the names that Pega gives them. Error: not-found where there is no file of either. */
export async function readAdmTables(
  data: Depot,
  place: RepositoryPlace,
  { fetchFiles, uri, downloadDir }: Pick<PegaRepository, "fetchFiles" | "uri" | "downloadDir">,
  { datamartFolder = "datamart", onBroken, ...rest }: Omit<ReadTableOptions, "sourceColumn" | "onFetched">,
): Promise<RawAdmTables> {
  const told = { models: [] as DatamartRemark[], predictors: [] as DatamartRemark[] };
  const read = (name: Name): Promise<Frame | undefined> => {
    const usual = prefixOfTable(tables[name], datamartFolder);
    const prefix = shorterPrefixOfTable(tables[name], datamartFolder) ?? usual;
    const usualKey = place.keyOf(usual);
    const readThese = async (fetched: FetchedFiles) => {
      told[name] = filesTold(fetched, name);
      // of what else begins so, only exports
      const files = fetched.files.filter(({ key }) => key.startsWith(usualKey) || isExportName(key));
      if (files.length === 0) return undefined;
      // what readTable keeps is the same where all have the usual names
      const isUsual = files.every(({ key }) => key.startsWith(usualKey));
      const from = isUsual ? `${fetched.uri}${usual.slice(prefix.length)}` : fetched.uri;
      const tell = (remark: DatamartRemark) => told[name].push(remark);
      const broken = onBroken === undefined ? undefined : brokenTold(name, onBroken, tell);
      return readFetched(data, downloadDir, { files, uri: from }, { signal: rest.signal, onBroken: broken });
    };
    return fetchAndRead(() => fetchFiles(prefix, rest), readThese);
  };
  const [models, predictors] = await bothOf(read, (remark, name) => told[name].push(remark));
  const remarks = [...told.models, ...told.predictors];
  if (models !== undefined || predictors !== undefined) return { models, predictors, remarks };
  const prefixes = Object.values(tables).map((name) => shorterPrefixOfTable(name, datamartFolder));
  const left = remarks.reduce((sum, { kind, count }) => sum + (kind === "waiting" ? count : 0), 0);
  const marks = left === 0 ? "nothing begins with" : `${left} files wait for their markers, of those that begin with`;
  throw new EntrepotError("not-found", `there is no datamart in ${uri}: ${marks} ${prefixes.join(" or ")}`, {
    uri,
    hint:
      left === 0
        ? (swappedHint(place, datamartFolder) ??
          "datamartFolder names another folder of the repository; entrepot ls shows what is there")
        : "without useMetaFiles they are taken as they are",
  });
}

/** Both are done when this is. Offline, one of which nothing is known is as one that is missing, where the other is here. */
async function bothOf(
  read: (name: Name) => Promise<Frame | undefined>,
  tell: (remark: DatamartRemark, name: Name) => void,
): Promise<readonly (Frame | undefined)[]> {
  const names = Object.keys(tables) as Name[];
  const found = await Promise.allSettled(names.map(read));
  const isHere = found.some((table) => table.status === "fulfilled" && table.value !== undefined);
  return found.map((table, at) => {
    if (table.status === "fulfilled") return table.value;
    if (!isHere || !isEntrepotError(table.reason, "not-cached")) throw table.reason;
    const name = names[at] as Name;
    const message = `${name}: offline, and none of their files was fetched before`;
    tell({ kind: "offline", table: name, column: undefined, count: 0, message }, name);
    return undefined;
  });
}

function filesTold({ files, asOf, unmarked, incomplete }: FetchedFiles, table: Name): DatamartRemark[] {
  const told = (kind: "waiting" | "incomplete", [first, ...others]: FetchedFiles["unmarked"], what: string) => {
    if (first === undefined) return [];
    const count = 1 + others.length;
    const message = `${table}: ${count} ${count === 1 ? what : what.replace(" ", "s ")}, e.g. ${JSON.stringify(first.path)} ${first.reason}`;
    return [{ kind, table, column: undefined, count, example: first.path, message }];
  };
  return [
    ...(asOf === undefined ? [] : [offlineRemark(table, asOf, files.length)]),
    ...told("waiting", unmarked, "file left out until marked"),
    ...told("incomplete", incomplete, "marker without its file"),
  ];
}

function offlineRemark(table: Name, asOf: Date, count: number): DatamartRemark {
  const message = `${table}: offline, ${asOfWords(asOf)}`;
  return { kind: "offline", table, column: undefined, count, message };
}
