/** The tables of a datamart, by the names that Pega's documentation and pdstools give them. */
import { closest } from "../../error/index.ts";

/** What the names of their files begin with. */
export const pegaTablePrefixes = {
  modelSnapshot: "Data-Decision-ADM-ModelSnapshot_pzModelSnapshots",
  predictorSnapshot: "Data-Decision-ADM-PredictorBinningSnapshot_pzADMPredictorSnapshots",
  binaryDistribution: "Data-DM-BinaryDistribution",
  contingencyTable: "Data-DM-ContingencyTable",
  histogram: "Data-DM-Histogram",
  snapshot: "Data-DM-Snapshot",
  notification: "Data-DM-Notification",
} as const;

export type PegaTable = keyof typeof pegaTablePrefixes;

export const pegaTables: readonly PegaTable[] = Object.keys(pegaTablePrefixes) as PegaTable[];

/** What all names of a table's files begin with that Pega gives them: the usual ones have `py` or `pz` behind it. */
const shorterPrefixes: Readonly<Partial<Record<PegaTable, string>>> = {
  modelSnapshot: "Data-Decision-ADM-ModelSnapshot",
  predictorSnapshot: "Data-Decision-ADM-PredictorBinningSnapshot",
};

/** As `prefixOfTable`, for files of other names, too: `undefined` where there is no shorter one. */
export function shorterPrefixOfTable(name: PegaTable, datamartFolder: string): string | undefined {
  const shorter = shorterPrefixes[name];
  return shorter === undefined ? undefined : inFolder(datamartFolder, shorter);
}

/** What keys of its files begin with, below the repository's folder. TypeError for an unknown table. */
export function prefixOfTable(name: PegaTable, datamartFolder: string): string {
  const prefix = Object.hasOwn(pegaTablePrefixes, name) ? pegaTablePrefixes[name] : undefined;
  if (prefix === undefined) throw unknownTable(name);
  return inFolder(datamartFolder, prefix);
}

function inFolder(folder: string, prefix: string): string {
  return (folder === "" || folder.endsWith("/") ? folder : `${folder}/`) + prefix;
}

/** What `readDSExport` calls them. */
export function pdstoolsName(name: string): PegaTable | undefined {
  if (name === "modelData") return "modelSnapshot";
  return name === "predictorData" ? "predictorSnapshot" : undefined;
}

function unknownTable(name: unknown): TypeError {
  const near = typeof name === "string" ? (pdstoolsName(name) ?? closest(name, pegaTables)) : undefined;
  const meant = near === undefined ? "" : `did you mean ${near}? `;
  return new TypeError(`there is no table ${JSON.stringify(name)}: ${meant}The tables are ${pegaTables.join(", ")}`);
}
