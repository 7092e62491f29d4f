import { type FetchedFiles, pegaRepository } from "entrepot/pega";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportName, lines, modelRows } from "./exports.ts";
import { binRows } from "./snapshots.ts";
import { openPegaWorld, type PegaWorld } from "./world.ts";

const keys = ({ files }: FetchedFiles) => files.map(({ key }) => key);

describe("what a Pega repository is asked", () => {
  let world: PegaWorld;
  beforeEach(async () => {
    world = await openPegaWorld();
  });
  afterEach(() => world.close());

  test("is one of the seven tables by their documented names", async () => {
    const names = {
      modelSnapshot: "Data-Decision-ADM-ModelSnapshot_pzModelSnapshots",
      predictorSnapshot: "Data-Decision-ADM-PredictorBinningSnapshot_pzADMPredictorSnapshots",
      binaryDistribution: "Data-DM-BinaryDistribution",
      contingencyTable: "Data-DM-ContingencyTable",
      histogram: "Data-DM-Histogram",
      snapshot: "Data-DM-Snapshot",
      notification: "Data-DM-Notification",
    } as const;
    for (const prefix of Object.values(names)) await world.put(`datamart/${prefix}_20220323T101155_GMT.json`, "{}");
    for (const [name, prefix] of Object.entries(names)) {
      const got = await world.pega.fetchTable(name as keyof typeof names);
      expect(keys(got)).toEqual([`datamart/${prefix}_20220323T101155_GMT.json`]);
    }
    await world.put("deep/er/Data-DM-Histogram_1.json", "{}");
    await world.put("deep/er/.Data-DM-Histogram_1.json.meta", "{}");
    await world.put("deep/er/Data-DM-Histogram_2.json", "{}");
    const options = { datamartFolder: "deep/er", useMetaFiles: true };
    expect(keys(await world.pega.fetchTable("histogram", options))).toEqual(["deep/er/Data-DM-Histogram_1.json"]);
    await world.put("Data-DM-Histogram_top.json", "{}");
    const top = await world.pega.fetchTable("histogram", { datamartFolder: "" });
    expect(keys(top)).toEqual(["Data-DM-Histogram_top.json"]);
  });

  test("without a file of the usual name says which there are of another, and a datamart takes both", async () => {
    const [py, pz] = ["py", "pz"].map((begin) => `datamart/Data-Decision-ADM-ModelSnapshot_${begin}ModelSnapshots`);
    await world.put(exportName(py ?? "", 1, ".json"), lines(modelRows(2)));
    await world.put(`${py}.txt`, "no export");
    world.operations();
    const got = await world.pega.fetchTable("modelSnapshot");
    expect([got.files, got.similar]).toEqual([[], [`${py}.txt`, exportName(py ?? "", 1, ".json")]]);
    expect(world.operations()).toEqual(["ListObjectsV2", "ListObjectsV2"]);
    await expect(world.pega.readTable("modelSnapshot")).rejects.toMatchObject({
      code: "not-found",
      hint: expect.stringContaining(
        'readExport("s3://testbucket/datamart/", { table: "modelSnapshot", files: "all" }) reads them, fetchFiles("datamart/Data-Decision-ADM-ModelSnapshot") fetches them',
      ),
    });
    expect((await world.pega.admDatamart()).models.height).toBe(2);
    await world.put(exportName(pz ?? "", 2, ".json"), lines(modelRows(3, 2)));
    expect((await world.pega.fetchTable("modelSnapshot")).similar).toEqual([]);
    expect((await world.pega.admDatamart()).models.height).toBe(5);
    expect((await world.pega.fetchTable("histogram")).similar).toEqual([]);
  });

  test("of a datamart whose files wait for their markers says so", async () => {
    const models = exportName("datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots", 1, ".json");
    const predictors = exportName("datamart/Data-Decision-ADM-PredictorBinningSnapshot_pzX", 1, ".json");
    await world.put(models, lines(modelRows(2)));
    await world.put(predictors, lines(binRows(2, 2)));
    await expect(world.pega.admDatamart({ useMetaFiles: true })).rejects.toThrow(/2 files wait for their markers/);
    await world.put(models.replace("datamart/", "datamart/.").concat(".meta"), "{}");
    await world.put(predictors.replace("datamart/", "datamart/.").concat("x.meta"), "{}");
    const { has, remarks } = await world.pega.admDatamart({ useMetaFiles: true });
    expect(has).toEqual({ models: true, predictors: false });
    expect(remarks).toMatchObject([
      { kind: "waiting", table: "predictors", count: 1, example: predictors },
      { kind: "incomplete", table: "predictors", count: 1 },
    ]);
    expect((await world.pega.admDatamart()).remarks).toEqual([expect.objectContaining({ kind: "no-common-model" })]);
  });

  test("of a table that there is none of lists the tables, and says which was meant", async () => {
    await expect(world.pega.fetchTable("modelsnapshots" as "snapshot")).rejects.toThrow(
      /"modelsnapshots": did you mean modelSnapshot\? The tables are modelSnapshot, predictorSnapshot, binaryDistribution, contingencyTable, histogram, snapshot, notification/,
    );
    await expect(world.pega.fetchTable("toString" as "snapshot")).rejects.toThrow(TypeError);
    expect(world.operations()).toEqual([]);
  });

  test("by options that there are none of is a mistake", async () => {
    const wrong = { use_meta_files: true } as object;
    await expect(world.pega.fetchFiles("x", wrong)).rejects.toThrow("here it is useMetaFiles");
    await expect(world.pega.fetchTable("snapshot", { datamartFolder: 1 as never })).rejects.toThrow(TypeError);
    await expect(world.pega.fetchFiles(undefined as never)).rejects.toThrow(TypeError);
    expect(() => pegaRepository(world.data, "s3://b/", { tempDir: "x" } as object)).toThrow(TypeError);
    expect(() => pegaRepository(world.data, "s3://b/", { downloadDir: "s3://b/x" })).toThrow(TypeError);
    expect(() => pegaRepository(world.data, "s3://b/", { datamartFolder: "x" } as object)).toThrow(
      /no option "datamartFolder": it is one of fetchTable\(\), readTable\(\) and admDatamart\(\)/,
    );
    await expect(world.pega.readTable("modelData" as "snapshot")).rejects.toThrow(/did you mean modelSnapshot\?/);
    const swapped = pegaRepository(world.data, "s3://testbucket/datamart/", { downloadDir: world.downloadDir });
    const above = expect.stringContaining('the repository is the folder above, "s3://testbucket/"');
    await expect(swapped.readTable("histogram")).rejects.toMatchObject({ code: "not-found", hint: above });
    await expect(swapped.admDatamart()).rejects.toMatchObject({ code: "not-found", hint: above });
    expect(() => pegaRepository(world.data, "https://example.com/x/")).toThrow(/cannot be listed/);
    expect(() => pegaRepository(world.data, "s3://")).toThrow(TypeError);
  });
});
