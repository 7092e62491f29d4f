/** What is known of the columns of the two tables: which are counts and figures, which are times, and which are kept by default. */

export type TableName = "models" | "predictors";
export type KnownKind = "number" | "whole" | "time" | "text";

const figures = [
  ...["Performance", "SuccessRate", "ResponseCount", "Positives", "Negatives"],
  ...["RelativePositives", "RelativeNegatives", "RelativeResponseCount"],
];
const texts = ["ModelID", "ObjClass", "InsKey", "InsName", "Extension"];
const times = ["SnapshotTime", "SaveDateTime", "CommitDateTime"];

const kinds: Readonly<Record<TableName, ReadonlyMap<string, KnownKind>>> = {
  models: known({
    number: [...figures, "PerformanceThreshold", "CorrelationThreshold", "PerformanceError"],
    whole: ["ActivePredictors", "TotalPredictors"],
    time: [...times, "FactoryUpdateTime"],
    text: [
      ...[...texts, "Application", "AppliesToClass", "Configuration", "Issue", "Group", "Name", "Channel"],
      ...["Direction", "Treatment", "Memory", "Modeldata", "ModelVersion"],
    ],
  }),
  predictors: known({
    number: [
      ...[...figures, "BinNegatives", "BinPositives", "BinResponseCount", "BinNegativesPercentage"],
      ...["BinPositivesPercentage", "BinResponseCountPercentage", "BinLowerBound", "BinUpperBound"],
      ...["RelativeBinPositives", "RelativeBinNegatives", "RelativeBinResponseCount", "Lift", "ZRatio"],
      "CorrelationPredictor",
    ],
    whole: ["TotalBins", "BinIndex", "GroupIndex"],
    time: times,
    text: [...texts, "PredictorName", "PredictorCategory", "Contents", "Type", "BinType", "BinSymbol", "EntryType"],
  }),
};

/** `undefined` for a column of which nothing is known: it stays as it was read. */
export function knownKind(table: TableName, column: string): KnownKind | undefined {
  return kinds[table].get(column);
}

/** Of either table, what is kept unless `subset: false`. */
export const keptColumns: ReadonlySet<string> = new Set([
  ...["ModelID", "Issue", "Group", "Channel", "Direction", "Name", "Treatment", "Positives", "Configuration"],
  ...["ResponseCount", "SnapshotTime", "PredictorName", "PredictorCategory", "Performance", "EntryType"],
  ...["BinSymbol", "BinIndex", "BinType", "BinPositives", "BinNegatives", "BinResponseCount", "Type", "Contents"],
  "GroupIndex",
]);

function known(columns: Readonly<Record<KnownKind, readonly string[]>>): ReadonlyMap<string, KnownKind> {
  return new Map(
    Object.entries(columns).flatMap(([kind, names]) => names.map((name) => [name, kind as KnownKind] as const)),
  );
}
