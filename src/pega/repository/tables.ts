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

/** What keys of its files begin with, below the repository's folder. TypeError for an unknown table. */
export function prefixOfTable(name: PegaTable, datamartFolder: string): string {
  const prefix = Object.hasOwn(pegaTablePrefixes, name) ? pegaTablePrefixes[name] : undefined;
  if (prefix === undefined) throw unknownTable(name);
  const folder = datamartFolder === "" || datamartFolder.endsWith("/") ? datamartFolder : `${datamartFolder}/`;
  return folder + prefix;
}

function unknownTable(name: unknown): TypeError {
  const near = typeof name === "string" ? closest(name, pegaTables) : undefined;
  const meant = near === undefined ? "" : `did you mean ${near}? `;
  return new TypeError(`there is no table ${JSON.stringify(name)}: ${meant}The tables are ${pegaTables.join(", ")}`);
}
