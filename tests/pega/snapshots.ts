/** Rows of exports of adaptive models, in Pega's format, made by code: what varies does so by its number, never at random. */

const channels = ["Web", "Email", "SMS", "Mobile"];
const issues = ["Sales", "Retention"];

/** `count` models, each with as many snapshots, a week apart. */
export function snapshotRows(count: number, snapshots: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, model) =>
    Array.from({ length: snapshots }, (_, at) => {
      const responses = model % 7 === 0 ? 0 : (model + 1) * 13 * (model % 3 === 0 ? 1 : at + 1);
      const positives = Math.floor(responses / (3 + (model % 5)));
      return {
        pxObjClass: "Data-Decision-ADM-ModelSnapshot",
        pyAppliesToClass: "Data-Customer",
        pySnapshotTime: `202106${String(1 + 7 * at).padStart(2, "0")}T082326.${String(7 * at).padStart(3, "0")} GMT`,
        pyModelID: modelId(model),
        pyNegatives: responses - positives,
        pyPositives: positives,
        pyResponseCount: responses,
        pyActivePredictors: model % 9,
        pyTotalPredictors: 40,
        pyPerformance: 0.5 + (model % 11) / 40,
        pyConfigurationName: `Model${model % 3}`,
        pyName:
          model % 4 === 0 ? JSON.stringify({ pyName: `Offer${model}`, pyTreatment: `T${model % 5}` }) : `Offer${model}`,
        pyGroup: `Group${model % 3}`,
        pyIssue: issues[model % 2],
        pyChannel: channels[model % 4],
        pyDirection: "Inbound",
      };
    }),
  ).flat();
}

/** Bins of the first `count` models: two of each predictor, and of the classifier. */
export function binRows(count: number, predictors: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, model) =>
    Array.from({ length: predictors + 1 }, (_, predictor) =>
      [1, 2].map((bin) => {
        const positives = (model + 1) * bin;
        const negatives = predictor === 1 && bin === 2 ? -positives : 10 * (predictor + 1);
        return {
          pxObjClass: "Data-Decision-ADM-PredictorBinningSnapshot",
          pySnapshotTime: "20210615T082326.014 GMT",
          pyModelID: modelId(model),
          pyPredictorName:
            predictor === predictors
              ? "Classifier"
              : predictor % 2 === 0
                ? `Age${predictor}`
                : `Customer.Field${predictor}`,
          pyEntryType: predictor === predictors ? "Classifier" : predictor % 3 === 0 ? "Active" : "Inactive",
          pyType: "numeric",
          pyContents: "No. symbols = 2",
          pyPerformance: 0.5 + ((model * 7 + predictor * 3) % 20) / 50,
          pyPositives: 30 + model,
          pyResponseCount: 130 + model,
          pyBinIndex: bin,
          pyBinSymbol: bin === 1 ? "<12.5" : "MISSING",
          pyBinType: "EQUIBEHAVIOR",
          pyBinPositives: positives,
          pyBinNegatives: negatives,
          pyBinResponseCount: positives + negatives,
          pyGroupIndex: predictor,
        };
      }),
    ).flat(),
  ).flat();
}

export function modelId(model: number): string {
  return `${String(model).padStart(8, "0")}-28c8-5af8-901e-87e857979b3c`;
}
