/**
 * What the names of exports say: of which table they are, and when they were made. The patterns are pdstools': they may stand anywhere
 * in a name, in upper or lower case. Pure.
 */
import { type PegaTable, pegaTablePrefixes } from "../repository/tables.ts";

/** The tables of a datamart, and what Value Finder exports. */
export type ExportTable = PegaTable | "valueFinder";

const patterns: Readonly<Record<ExportTable, readonly string[]>> = {
  modelSnapshot: [
    "Data-Decision-ADM-ModelSnapshot",
    "PR_DATA_DM_ADMMART_MDL_FACT",
    "model_snapshots",
    "MD_FACT",
    "ADMMART_MDL_FACT_Data",
    "cached_modelData",
    "Models_data",
  ],
  predictorSnapshot: [
    "Data-Decision-ADM-PredictorBinningSnapshot",
    "PR_DATA_DM_ADMMART_PRED",
    "predictor_binning_snapshots",
    "PRED_FACT",
    "cached_predictorData",
  ],
  binaryDistribution: [pegaTablePrefixes.binaryDistribution],
  contingencyTable: [pegaTablePrefixes.contingencyTable],
  histogram: [pegaTablePrefixes.histogram],
  snapshot: [pegaTablePrefixes.snapshot],
  notification: [pegaTablePrefixes.notification],
  valueFinder: ["Data-Insights_pyValueFinder", "cached_ValueFinder"],
};

export const exportTables: readonly ExportTable[] = Object.keys(patterns) as ExportTable[];

/** The table that a name speaks of; `undefined` for other names. */
export function tableOfName(name: string): ExportTable | undefined {
  const lower = name.toLowerCase();
  return exportTables.find((table) => patterns[table].some((pattern) => lower.includes(pattern.toLowerCase())));
}

const suffix = /\.(?:json|jsonl|ndjson|csv|zip|parquet|feather|ipc|arrow)(?:\.(?:gz|bz2|xz|zst))?$|\.gz$/i;

/** Whether it ends as an export does. */
export function isExportName(name: string): boolean {
  return suffix.test(name);
}

const stamp = /(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(?:\.(\d{1,9}))?[_ ]GMT/gi;

/** When it was made, milliseconds since 1970, by the last stamp in its name: `20210526T131808_GMT`. `undefined` where there is none. */
export function stampMs(name: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = ""] = [...name.matchAll(stamp)].at(-1) ?? [];
  if (year === undefined) return undefined;
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, "0")),
  );
  // of a day that there is none of, such as the 31st of February, nobody knows what was meant
  return new Date(ms).getUTCDate() === Number(day) && Number(month) <= 12 ? ms : undefined;
}

/** The later one by their names, where these say it, else by their times; of the same time, the last in the order of names. */
export function newest<T extends { readonly name: string; readonly modifiedMs: number }>(
  files: readonly T[],
): T | undefined {
  const madeMs = ({ name, modifiedMs }: T) => stampMs(name) ?? modifiedMs;
  return files.reduce<T | undefined>((best, file) => {
    return best === undefined || madeMs(file) >= madeMs(best) ? file : best;
  }, undefined);
}
