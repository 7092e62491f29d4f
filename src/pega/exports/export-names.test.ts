import { describe, expect, test } from "vitest";
import { isExportName, newest, stampMs, tableOfName } from "./export-names.ts";

describe("the name of an export", () => {
  test.each([
    ["Data-Decision-ADM-ModelSnapshot_pzModelSnapshots_20210526T131808_GMT.zip", "modelSnapshot"],
    ["data-decision-adm-modelsnapshot_x.json", "modelSnapshot"],
    ["my_PR_DATA_DM_ADMMART_MDL_FACT_2021.csv", "modelSnapshot"],
    ["MODEL_SNAPSHOTS.parquet", "modelSnapshot"],
    ["cached_modelData_20210526T131808.123.arrow", "modelSnapshot"],
    ["Data-Decision-ADM-PredictorBinningSnapshot_pyADMPredictorSnapshots.json", "predictorSnapshot"],
    ["PR_DATA_DM_ADMMART_PRED.csv", "predictorSnapshot"],
    ["cached_predictordata.parquet", "predictorSnapshot"],
    ["Data-DM-Histogram_pyGetHistogram_20220323T101137_GMT.zip", "histogram"],
    ["Data-DM-Snapshot_pyGetSnapshot.zip", "snapshot"],
    ["Data-Insights_pyValueFinder_20220323T101137_GMT.zip", "valueFinder"],
    ["sales.csv", undefined],
  ])("%s speaks of %s", (name, table) => expect(tableOfName(name)).toBe(table));

  test.each([
    ["a_20210526T131808_GMT.zip", Date.UTC(2021, 4, 26, 13, 18, 8)],
    ["a_20210526T131808.07_gmt.zip", Date.UTC(2021, 4, 26, 13, 18, 8, 70)],
    ["20200101T000000_GMT of 20210526T131808 GMT", Date.UTC(2021, 4, 26, 13, 18, 8)],
    ["a_20210526.zip", undefined],
    ["a_20210231T000000_GMT.zip", undefined],
    ["a_20211331T000000_GMT.zip", undefined],
  ])("%s was made at %s", (name, ms) => expect(stampMs(name)).toBe(ms));

  test("without a stamp counts by its time beside those with one", () => {
    const [old, stamped, late] = [
      { name: "b_20210101T000000_GMT.zip", modifiedMs: 9e15 },
      { name: "a_20210526T131808_GMT.zip", modifiedMs: 0 },
      { name: "c.zip", modifiedMs: Date.UTC(2021, 4, 27) },
    ];
    expect(newest([stamped, old])).toBe(stamped);
    expect(newest([late, stamped, old])).toBe(late);
    expect(newest([])).toBeUndefined();
  });

  test.each(["a.json", "A.ZIP", "a.json.gz", "a.gz", "a.parquet", "a.feather", "a.ndjson", "a.csv.zst"])(
    "%s ends as exports do",
    (name) => expect(isExportName(name)).toBe(true),
  );
  test.each(["a.txt", "a.json.meta", "json", "a.zip.part"])("%s does not", (name) =>
    expect(isExportName(name)).toBe(false),
  );
});
