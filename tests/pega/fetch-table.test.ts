import { type FetchedFiles, pegaRepository } from "entrepot/pega";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
    expect(() => pegaRepository(world.data, "https://example.com/x/")).toThrow(/cannot be listed/);
    expect(() => pegaRepository(world.data, "s3://")).toThrow(TypeError);
  });
});
